import CLinux
import FaultModel
import KernelConfiguration

extension DeviceFacts {
    /// Asks this machine everything but what was denied meanwhile.
    static func gathered(tracefs: Tracefs) -> DeviceFacts {
        let memlock = Memlock.liftedForProbes()
        defer { memlock.value?.restore() }
        let kernel = PreflightReport.Kernel.running()
        let (config, configPath) = KernelConfig.ofRunningKernel(release: kernel.release)
        return DeviceFacts(
            kernel: kernel,
            config: config,
            configPath: configPath,
            hasSysfs: KernelFiles.reach("/sys/kernel") == .worked,
            process: .gathered(),
            selinux: .gathered(),
            lockdown: KernelFiles.text("/sys/kernel/security/lockdown"),
            memlock: memlock,
            bpf: .gathered(pageSize: kernel.pageSize),
            perf: .gathered(),
            tracefs: tracefs,
            tracepoints: .gathered(in: tracefs),
            kprobes: .gathered(tracefs: tracefs),
            btf: KernelFiles.bytes("/sys/kernel/btf/vmlinux", limit: 4),
            fentry: .gathered())
    }
}

extension PreflightReport.Kernel {
    /// What uname(2) and sysconf(3) tell; the page size is zero when it cannot be told.
    static func running() -> PreflightReport.Kernel {
        PreflightReport.Kernel(
            release: systemName(preflight_release),
            arch: systemName(preflight_machine),
            pageSize: UInt32(clamping: preflight_page_size()))
    }
}

/// One field of uname(2); empty when the kernel does not tell.
private func systemName(_ read: (UnsafeMutablePointer<UInt8>?, Int) -> Int64) -> String {
    let bytes = KernelFiles.reading(limit: 65) { read($0.baseAddress, $0.count) }
    return String(decoding: bytes.value ?? [], as: UTF8.self)
}

extension KernelConfig {
    /// The configuration that the kernel carries (CONFIG_IKCONFIG_PROC), or the file that distributions put beside it.
    static func ofRunningKernel(release: String) -> (config: Reading<KernelConfig>, path: String) {
        let inside = read("/proc/config.gz")
        if inside.value != nil { return (inside, "/proc/config.gz") }
        let path = "/boot/config-" + release
        let beside = read(path)
        return beside.value == nil ? (inside, "/proc/config.gz") : (beside, path)
    }

    private static func read(_ path: String) -> Reading<KernelConfig> {
        KernelFiles.unpackedBytes(path, limit: 1 << 20).flatMap { text in
            let config = KernelConfig(text: text)
            return config.optionCount == 0 ? .failure(.malformed) : .success(config)
        }
    }
}
