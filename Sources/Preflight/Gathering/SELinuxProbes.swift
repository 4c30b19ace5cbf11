import CLinux
import FaultModel

extension PreflightReport.SELinux {
    /// Reads the mode from the kernel: getenforce(8) may be missing, or lie to a domain of its own.
    static func gathered() -> PreflightReport.SELinux {
        let mode = Mode(
            enforce: KernelFiles.text("/sys/fs/selinux/enforce"),
            filesystems: KernelFiles.text("/proc/filesystems"))
        let context = KernelFiles.text("/proc/self/attr/current").value
        return PreflightReport.SELinux(mode: mode, domain: context.flatMap { domain($0, in: mode) })
    }

    /// Other security modules put their own words there, without the colons of SELinux: proc_pid_attr(5).
    static func domain(_ context: String, in mode: Mode) -> String? {
        switch mode {
        case .enforcing, .permissive: context
        case .unknown: context.utf8.contains(UInt8(ascii: ":")) ? context : nil
        case .disabled: nil
        }
    }
}

extension PreflightReport.SELinux.Mode {
    /// - Parameters:
    ///   - enforce: selinuxfs's file of that name.
    ///   - filesystems: /proc/filesystems, which names selinuxfs unless SELinux is off or not compiled in
    ///     (init_sel_fs in security/selinux/selinuxfs.c).
    init(enforce: Reading<String>, filesystems: Reading<String>) {
        switch enforce.value {
        case "1"?: self = .enforcing
        case "0"?: self = .permissive
        default: self = filesystems.value.map(namesSELinux) == false ? .disabled : .unknown
        }
    }
}

private func namesSELinux(_ filesystems: String) -> Bool {
    filesystems.utf8.split { $0 <= UInt8(ascii: " ") }.contains { $0.elementsEqual("selinuxfs".utf8) }
}

extension [Denial] {
    /// What the kernel's log says was denied to this process; empty where it may not be read, and where a daemon takes the messages
    /// before they come there, as Android's logd may.
    static func toThisProcess() -> [Denial] {
        let log = KernelFiles.reading(limit: 256 << 10) { Int64(preflight_kernel_log($0.baseAddress, $0.count)) }
        let own = UInt32(linux_pid())
        return Denial.all(in: (log.value ?? [])[...]).filter { $0.pid == own }
    }
}
