import FaultModel
import KernelConfiguration

extension DumpFacts {
    func checkTracepoints() -> Check {
        let cost = "a command's children cannot be followed"
        guard let tracepoints, config.state(.tracepoints) != false else {
            return check(.tracepoints, .tracepoints, cost: cost)
        }
        let name = "task:task_newtask"
        guard tracepoints.contains(name) else {
            return Check(
                .tracepoints, .warn, found: "the list of \(tracepoints.count) tracepoints has no \(name)",
                remedy: "Without it \(cost): see that the list is whole.")
        }
        return Check(.tracepoints, .pass, found: "the list has \(tracepoints.count), with \(name)")
    }

    func checkExceptions() -> Check {
        let condition = exceptionsTracepoints
        if arch == .arm64, condition.holds == false {
            return Check(
                .exceptionsTracepoint, .warn, found: "absent, as is normal on aarch64",
                remedy: "Nothing to mend: fentry, kprobe, perf_bpf and perf_ring are this architecture's ways.")
        }
        if condition.holds == true {
            let found = tracepoints == nil ? "every x86 kernel since 3.13 has them" : condition.finding
            return Check(.exceptionsTracepoint, .pass, found: found)
        }
        return check(
            .exceptionsTracepoint, condition, cost: "the tracepoint source is out",
            advice: "another source takes its place")
    }

    func checkKprobes() -> Check {
        let decisive = [has(.kprobes), has(.kprobeEvents)] + [hasProbedFault].compactMap { $0 }
        let worst = decisive.first { $0.holds == false } ?? decisive.first { $0.holds == nil }
        if let worst {
            return check(
                .kprobes, worst, cost: "the kprobe source is out, so that reads are not told from writes",
                advice: "perf_bpf and perf_ring do without it")
        }
        if isSpeculative {
            return Check(
                .kprobes, .warn, found: decisive.sentence + ", and " + KernelOption.speculativePageFault.rawValue,
                remedy: KernelConfig.speculationCost)
        }
        return Check(.kprobes, .pass, found: decisive.sentence)
    }

    func checkFentry() -> Check {
        let verdict = judge(.fentry)
        switch verdict.usable {
        case true?: return Check(.fentry, .pass, found: verdict.reason)
        case false?:
            return Check(
                .fentry, .warn, found: verdict.reason,
                remedy: "Without it the fentry source is out, and no other needs it.")
        case nil:
            return Check(
                .fentry, .unknown, found: verdict.reason,
                remedy: "No other source needs it: run the preflight on the device to see.")
        }
    }
}
