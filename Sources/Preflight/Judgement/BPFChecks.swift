import FaultModel
import KernelConfiguration

extension DeviceFacts {
    func checkBPFSyscall() -> Check {
        let trial = [bpf.map, bpf.program].combined
        let found = "map: \(bpf.map.text), program: \(bpf.program.text)"
        guard let errno = trial.errno else { return Check(.bpfSyscall, .pass, found: found) }
        return Check(
            .bpfSyscall, errno.isShortage ? .unknown : .fail, found: found,
            remedy: "Without it no source with BPF works: \(advice(on: errno, of: .bpf)).")
    }

    /// Believes the machine code of a loaded program first, then CONFIG_BPF_JIT_ALWAYS_ON, which leaves no interpreter
    /// to fall back on, then the switch.
    func checkBPFJIT() -> Check {
        let found = "bpf_jit_enable " + (bpf.jitEnable.value ?? bpf.jitEnable.errno?.text ?? "")
        if let size = bpf.programSize?.value, size.translated > 0 { return check(size, found) }
        if config.value?.isOn(.bpfJITAlwaysOn) == true {
            return Check(.bpfJIT, .pass, found: found + "; \(KernelOption.bpfJITAlwaysOn.rawValue) is on")
        }
        switch bpf.jitEnable.value {
        case "1"?, "2"?: return Check(.bpfJIT, .pass, found: found)
        case "0"?: return Check(.bpfJIT, .warn, found: found, remedy: interpreterCost)
        default: return Check(.bpfJIT, .unknown, found: found, remedy: interpreterCost)
        }
    }

    private func check(_ size: ProgramSize, _ found: String) -> Check {
        if size.native == 0 {
            return Check(.bpfJIT, .warn, found: found + "; programs are interpreted", remedy: interpreterCost)
        }
        return Check(
            .bpfJIT, .pass, found: found + "; \(size.translated) bytes of BPF became \(size.native) of machine code")
    }

    private var interpreterCost: String {
        "If BPF is interpreted, each fault costs several times more: write 1 to /proc/sys/net/core/bpf_jit_enable."
    }

    /// The types are compiled in with CONFIG_BPF_EVENTS alone: include/linux/bpf_types.h.
    func checkBPFEvents() -> Check {
        let trial = [bpf.tracepointProgram, bpf.perfEventProgram].combined
        let part = OptionalPart(
            id: .bpfEvents, call: .bpf, cost: "no source with BPF works", option: .bpfEvents, severity: .fail)
        return check(
            part, trial,
            found: "tracepoint program: \(bpf.tracepointProgram.text), "
                + "perf event program: \(bpf.perfEventProgram.text)")
    }

    /// 5.8 brought BPF_MAP_TYPE_RINGBUF (commit 457f44363a88).
    func checkRingbuf() -> Check {
        let hasOther = bpf.perfEventArray == .worked
        let part = OptionalPart(
            id: .ringbuf, call: .bpf,
            cost: hasOther
                ? "records travel through one perf buffer a CPU, which costs more time and memory"
                : "records have no way out of the kernel",
            severity: hasOther ? .warn : .fail)
        return check(
            part, bpf.ringbuf, found: "ring buffer: \(bpf.ringbuf.text), perf event array: \(bpf.perfEventArray.text)")
    }

    /// The header's magic number: Documentation/bpf/btf.rst.
    func checkBTF() -> Check {
        let path = "/sys/kernel/btf/vmlinux"
        let part = OptionalPart(id: .btf, call: .bpf, cost: Self.fentryCost, option: .debugInfoBTF)
        switch btf {
        case .success(let bytes) where bytes.starts(with: [0x9f, 0xeb]):
            return check(part, .worked, found: "\(path): version \(bytes.count > 2 ? bytes[2] : 0)")
        case .success:
            return check(part, .refused(.malformed), found: path + ": not in the format of BTF")
        case .failure(.noSuchFile) where !hasSysfs:
            return check(part, .untried, found: path + ": no /sys to look in")
        case .failure(let errno):
            return check(part, .refused(errno), found: path + ": " + errno.text)
        }
    }

    func checkFentry() -> Check {
        let part = OptionalPart(id: .fentry, call: .bpf, cost: Self.fentryCost)
        guard fentry.find == .worked else {
            let found = "handle_mm_fault in BTF: " + fentry.find.text
            return check(part, checkBTF().status == .unknown ? .untried : fentry.find, found: found)
        }
        return check(
            part, [fentry.load, fentry.attach].combined,
            found: "handle_mm_fault: load: \(fentry.load.text), attach: \(fentry.attach.text)")
    }

    private static var fentryCost: String { "the fentry source is out, and no other needs it" }
}
