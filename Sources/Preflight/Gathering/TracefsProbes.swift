import CLinux

extension Tracefs {
    private static let usualPath = "/sys/kernel/tracing"

    /// Looks where kernels from 4.1 have it, then below debugfs. If it is at neither, it is mounted at the first place during `body`, where
    /// no other process sees it and where it goes with this one, however that ends.
    static func inUse<Result, Failure: Error>(_ body: (Tracefs) throws(Failure) -> Result) throws(Failure) -> Result {
        for path in [usualPath, "/sys/kernel/debug/tracing"] where preflight_is_tracefs(path) == 1 {
            return try body(.found(path))
        }
        var home = preflight_home()
        let result = preflight_mount_tracefs(usualPath, &home)
        guard result >= 0 else { return try body(.missing(Errno(code: -result))) }
        defer { preflight_go_home(&home) }
        return try body(.mounted(usualPath))
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
