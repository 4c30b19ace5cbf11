import CLinux

extension Tracefs {
    private static let usualPath = "/sys/kernel/tracing"

    /// Looks where kernels from 4.1 have it, then below debugfs, and mounts it at the first place if it is at neither.
    static func find() -> Tracefs {
        for path in [usualPath, "/sys/kernel/debug/tracing"] where preflight_is_tracefs(path) == 1 {
            return .found(path)
        }
        let result = preflight_mount_tracefs(usualPath)
        return result < 0 ? .missing(Errno(code: -result)) : .mounted(usualPath)
    }
}

extension TracepointFacts {
    static func gathered(in tracefs: Tracefs) -> TracepointFacts {
        let path = (tracefs.path ?? "/sys/kernel/tracing") + "/events"
        return TracepointFacts(
            directory: KernelFiles.reach(path),
            newTask: .gathered(path + "/task/task_newtask"),
            pageFaultUser: .gathered(path + "/exceptions/page_fault_user"),
            pageFaultKernel: .gathered(path + "/exceptions/page_fault_kernel"))
    }
}

extension Tracepoint {
    static func gathered(_ directory: String) -> Tracepoint {
        let id = KernelFiles.number(directory + "/id")
        return Tracepoint(id: id, opened: id.value.map(open) ?? .untried)
    }

    private static func open(_ id: UInt64) -> Trial {
        Trial { () throws(Errno) in _ = try Descriptor(preflight_open_tracepoint(id)) }
    }
}
