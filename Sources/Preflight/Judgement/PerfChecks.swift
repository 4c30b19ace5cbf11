import FaultModel
import KernelConfiguration

extension DeviceFacts {
    func checkPerfEvents() -> Check {
        let found = "page-faults on CPU 0: \(perf.pageFaults.text), perf_event_paranoid "
            + (perf.paranoid.value ?? perf.paranoid.errno?.text ?? "")
        guard let errno = perf.pageFaults.errno else { return Check(.perfEvents, .pass, found: found) }
        return Check(
            .perfEvents, errno.isShortage ? .unknown : .fail, found: found,
            remedy: "Without it perf_bpf, kprobe and perf_ring are out, and tracepoint tells no outcome: "
                + advice(on: errno, of: .perfEventOpen) + ".")
    }

    func checkTracefs() -> Check {
        switch tracefs {
        case .found(let path): Check(.tracefs, .pass, found: path)
        case .mounted(let path): Check(.tracefs, .pass, found: "was not mounted; the agent mounts it at \(path) where it needs it")
        case .missing(let errno):
            Check(
                .tracefs, .warn, found: "not mounted, and mounting it: \(errno.text)",
                remedy: "Without it the tracepoint source, and following a command's children, need the kernel's BTF: "
                    + mountAdvice(errno) + ".")
        }
    }

    private func mountAdvice(_ errno: Errno) -> String {
        if errno == .noSuchFile, !hasSysfs { return "mount sysfs at /sys first" }
        if errno == .noSuchDevice || errno == .noSuchFile { return "the kernel is built without tracing" }
        if errno.isPermission, isPrivileged { return "the system's policy forbids the mount" }
        return "as root, mount -t tracefs tracefs /sys/kernel/tracing"
    }

    func checkTracepoints() -> Check {
        let part = OptionalPart(
            id: .tracepoints, call: .perfEventOpen,
            cost: "the tracepoint source, and following a command's children, need the kernel's BTF", option: .tracepoints)
        guard tracefs.path != nil else { return unknown(part, found: "no tracefs to look in") }
        return check(
            part, [tracepoints.directory, tracepoints.newTask.trial].combined,
            found: "events: \(tracepoints.directory.text), task:task_newtask: \(tracepoints.newTask.text)")
    }
}

extension Tracepoint {
    var text: String {
        switch id {
        case .success(let number): "id \(number), perf event: \(opened.text)"
        case .failure(let errno): errno.text
        }
    }
}
