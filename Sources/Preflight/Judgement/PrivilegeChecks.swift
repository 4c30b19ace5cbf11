import FaultModel

extension DeviceFacts {
    /// capabilities(7): CAP_BPF and CAP_PERFMON came out of CAP_SYS_ADMIN in 5.8.
    func checkCapabilities() -> Check {
        switch process.capabilities {
        case .success(let set): check(set)
        case .failure(let errno):
            Check(
                .capabilities, .unknown, found: "capget(2): \(errno.text)",
                remedy: "Whether rights are missing shows only where calls are refused.")
        }
    }

    private func check(_ set: CapabilitySet) -> Check {
        let found = "CapEff 0x" + String(set.rawValue, radix: 16)
        if let missing = set.missing {
            return Check(
                .capabilities, .fail, found: found + " lacks " + missing,
                remedy: "Neither BPF nor system-wide perf events without it: run the agent as root.")
        }
        if process.isInInitialUserNamespace == false {
            return Check(
                .capabilities, .fail, found: found + " in a user namespace",
                remedy: "Capabilities count for tracing only in the initial user namespace: run the agent outside.")
        }
        if !set.contains(.sysPtrace) {
            return Check(
                .capabilities, .warn, found: found + " lacks CAP_SYS_PTRACE",
                remedy: "The mappings of other users' processes stay unnamed: run the agent with CAP_SYS_PTRACE too.")
        }
        return Check(.capabilities, .pass, found: found)
    }

    /// SELinux passes only on what it let through: a permissive domain on an enforcing device is fine, and a mode that
    /// says permissive is read from the kernel itself.
    func checkSELinux() -> Check {
        let found = selinux.mode.name + (selinux.domain.map { ", domain " + $0 } ?? "")
        switch selinux.mode {
        case .disabled, .permissive: return Check(.selinux, .pass, found: found)
        case .enforcing, .unknown: break
        }
        let calls: [(TracingCall, Trial)] = [(.bpf, [bpf.map, bpf.program].combined), (.perfEventOpen, perf.pageFaults)]
        for (call, trial) in calls {
            guard let errno = trial.errno else { continue }
            return check(selinuxFound: found, call, errno)
        }
        return Check(.selinux, .pass, found: found + "; bpf(2) and perf_event_open(2) are allowed")
    }

    private func check(selinuxFound found: String, _ call: TracingCall, _ errno: Errno) -> Check {
        let obstacle = obstacle(behind: errno, of: call)
        let found = found + "; \(call.name): \(errno.text)"
        guard case .selinux = obstacle else {
            return Check(
                .selinux, .unknown, found: found,
                remedy: "Not reached, or not to blame: \(obstacle.advice(on: call)).")
        }
        return Check(
            .selinux, .fail, found: found, remedy: "No faults through \(call.name): \(obstacle.advice(on: call)).")
    }

    /// kernel_lockdown(7). Integrity stops writing only; confidentiality closes tracefs, kprobes and kernel memory
    /// (enum lockdown_reason in include/linux/security.h).
    func checkLockdown() -> Check {
        switch lockdown.value.flatMap(Lockdown.init(text:)) {
        case .confidentiality?:
            Check(
                .lockdown, .warn, found: Lockdown.confidentiality.rawValue,
                remedy: "Tracefs, kprobes and kernel memory are closed to tracers, so perf_bpf alone may remain: boot "
                    + "without lockdown=confidentiality.")
        case let level?: Check(.lockdown, .pass, found: level.rawValue)
        case nil: checkLockdownByDeed()
        }
    }

    /// Without securityfs: a kernel locked down to confidentiality has no bpf_probe_read_kernel
    /// (bpf_base_func_proto in kernel/bpf/helpers.c).
    private func checkLockdownByDeed() -> Check {
        let found = "/sys/kernel/security/lockdown: " + (lockdown.errno ?? .malformed).text
        if config.value?.isOn(.lockdown) == false {
            return Check(.lockdown, .pass, found: found + "; \(KernelOption.lockdown.rawValue) is off")
        }
        if bpf.kernelReader == .worked {
            return Check(.lockdown, .pass, found: found + "; BPF may read kernel memory, so not confidentiality")
        }
        return Check(
            .lockdown, .unknown, found: found,
            remedy: "Matters only where calls are refused without another reason: mount securityfs to see.")
    }
}
