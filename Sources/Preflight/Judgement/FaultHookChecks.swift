import FaultModel
import KernelConfiguration

extension DeviceFacts {
    private var isX86: Bool { kernel.arch == "x86_64" }

    /// exceptions:page_fault_user and page_fault_kernel; no arm64 kernel has had them so far (measured up to 7.2).
    func checkExceptions() -> Check {
        let part = OptionalPart(
            id: .exceptionsTracepoint, call: .perfEventOpen,
            cost: "the tracepoint source is out, and fentry, kprobe and perf_bpf take its place")
        guard tracefs.path != nil else { return unknown(part, found: "no tracefs to look in") }
        let trial = [tracepoints.pageFaultUser.trial, tracepoints.pageFaultKernel.trial].combined
        if !isX86, trial == .refused(.noSuchFile) { return exceptionsNotExpected() }
        return check(
            part, trial,
            found: "page_fault_user: \(tracepoints.pageFaultUser.text), "
                + "page_fault_kernel: \(tracepoints.pageFaultKernel.text)")
    }

    private func exceptionsNotExpected() -> Check {
        Check(
            .exceptionsTracepoint, .warn, found: "absent, as is normal on \(kernel.arch)",
            remedy: "Nothing to mend: fentry, kprobe and perf_bpf are this architecture's ways.")
    }

    /// Kernels before 4.17 have kprobes but not their PMU ("perf/core: Implement the 'perf_kprobe' PMU"), and the older
    /// way leaves things behind when it is interrupted, so that it is not tried. What once was the way to page faults,
    /// do_page_fault, no kernel for arm64 lets itself be probed at (NOKPROBE_SYMBOL, -EINVAL), and newer ones for x86 lack it.
    func checkKprobes() -> Check {
        let part = OptionalPart(
            id: .kprobes, call: .perfEventOpen, cost: "the kprobe source is out, and no other needs it",
            option: .kprobes)
        switch kprobes.pmuType {
        case .success(let type):
            return check(
                part, kprobes.opened,
                found: "PMU \(type), on handle_mm_fault: \(kprobes.opened.text), on do_page_fault: \(kprobes.classicText)")
        case .failure(.noSuchFile) where hasSysfs && kprobes.eventsFile != .worked:
            return check(part, .refused(.noSuchFile), found: "no kprobe PMU: " + Errno.noSuchFile.text)
        case .failure(let errno):
            return check(
                part, .untried, found: "no kprobe PMU: \(errno.text), kprobe_events: \(kprobes.eventsFile.text)")
        }
    }
}

extension KprobeFacts {
    fileprivate var classicText: String {
        switch classic {
        case .refused(.invalid): "blacklisted, " + Errno.invalid.text
        case .refused(.noSuchFile): "no such function"
        default: classic.text
        }
    }
}
