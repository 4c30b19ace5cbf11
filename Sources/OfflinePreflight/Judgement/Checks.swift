import FaultModel
import KernelConfiguration

extension DumpFacts {
    /// Judges what the dumps say of one thing.
    func check(_ id: CheckID) -> Check {
        switch id {
        case .kernelVersion: checkKernelVersion()
        case .kernelConfig: checkKernelConfig()
        case .pageSize: checkPageSize()
        case .capabilities: checkCapabilities()
        case .selinux: checkSELinux()
        case .lockdown: checkLockdown()
        case .memlock: checkMemlock()
        case .bpfSyscall: check(id, .bpfSyscall, cost: "no source with BPF works, and perf_ring alone remains", severity: .fail)
        case .bpfJIT: checkBPFJIT()
        case .bpfEvents: checkBPFEvents()
        case .ringbuf: checkRingbuf()
        case .perfEvents: check(id, .perfEvents, cost: "no source works", severity: .fail)
        case .tracefs: check(id, .tracing, cost: "the tracepoint source is out, and perf_bpf is not")
        case .tracepoints: checkTracepoints()
        case .exceptionsTracepoint: checkExceptions()
        case .kprobes: checkKprobes()
        case .btf: check(id, .debugInfoBTF, cost: "the fentry source is out, and no other needs it")
        case .fentry: checkFentry()
        }
    }

    /// One option decides.
    func check(_ id: CheckID, _ option: KernelOption, cost: String, severity: CheckStatus = .warn) -> Check {
        check(id, has(option), cost: cost, advice: "only a kernel built with \(option.rawValue) has it", severity: severity)
    }

    /// One condition decides. Even one that holds is only what the dumps say.
    func check(
        _ id: CheckID, _ condition: Condition, cost: String, advice: String, severity: CheckStatus = .warn
    ) -> Check {
        let found = [condition].sentence
        return switch condition.holds {
        case true?: Check(id, .pass, found: found)
        case false?: Check(id, severity, found: found, remedy: "Without it \(cost); \(advice).")
        case nil: Check(id, .unknown, found: found, remedy: "Without it \(cost): run the preflight on the device to see.")
        }
    }
}
