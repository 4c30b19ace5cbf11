import CLinux

/// What /proc tells of a process.
public struct ProcessReading {
    public let parent: UInt32
    /// Real user id.
    public let user: UInt32
    /// CLOCK_BOOTTIME, to a hundredth of a second.
    public let bornNs: UInt64
    /// The main thread's name.
    public let name: String
    /// Its arguments with spaces between them, at most 4 KiB.
    public let commandLine: String
    /// The path of its program; empty for the kernel's own threads.
    public let executable: String

    /// nil: the process is gone.
    public init?(of pid: UInt32) {
        let process = UnsafeMutablePointer<linux_process>.allocate(capacity: 1)
        defer { process.deallocate() }
        guard linux_process(pid, process) == 0 else { return nil }
        parent = process.pointee.parent
        user = process.pointee.user
        bornNs = process.pointee.born_ns
        name = String(cString: linux_process_name(process))
        executable = String(cString: linux_process_executable(process))
        commandLine = String(cString: linux_process_command_line(process))
    }
}
