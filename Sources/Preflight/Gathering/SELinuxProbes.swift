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
