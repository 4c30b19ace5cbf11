import FaultModel
import KernelConfiguration

extension DeviceFacts {
    /// Whether the kernel's memory is closed to tracers; nil when that cannot be told. Where securityfs is not mounted a
    /// program tells: a kernel locked down to confidentiality has no bpf_probe_read_kernel for it (bpf_base_func_proto
    /// in kernel/bpf/helpers.c), as has none before 5.5.
    var isConfidential: Bool? {
        if let level = lockdown.value.flatMap(Lockdown.init(text:)) { return level == .confidentiality }
        if config.value?.isOn(.lockdown) == false || bpf.kernelReader == .worked { return false }
        let hadIt = version.map { $0 >= KernelVersion(5, 5) } ?? false
        return hadIt && bpf.tracepointProgram == .worked && bpf.kernelReader == .refused(.invalid) ? true : nil
    }

    /// kernel_lockdown(7). Integrity stops writing only; confidentiality closes tracefs, kprobes and kernel memory
    /// (enum lockdown_reason in include/linux/security.h).
    func checkLockdown() -> Check {
        let found = lockdown.value.flatMap(Lockdown.init(text:))?.rawValue ?? lockdownByDeed
        return switch isConfidential {
        case false?: Check(.lockdown, .pass, found: found)
        case true?:
            Check(
                .lockdown, .warn, found: found,
                remedy: "Tracefs, kprobes and kernel memory are closed to tracers, so perf_bpf alone may remain: boot "
                    + "without lockdown=confidentiality.")
        case nil:
            Check(
                .lockdown, .unknown, found: found,
                remedy: "Matters only where calls are refused without another reason: mount securityfs to see.")
        }
    }

    private var lockdownByDeed: String {
        let file = "/sys/kernel/security/lockdown: " + (lockdown.errno ?? .malformed).text
        if config.value?.isOn(.lockdown) == false { return file + "; \(KernelOption.lockdown.rawValue) is off" }
        return file + "; reading kernel memory by BPF: " + bpf.kernelReader.text
    }
}
