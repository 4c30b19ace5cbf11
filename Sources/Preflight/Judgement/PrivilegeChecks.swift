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
        if !capabilitiesCount { return checkNamespace(found) }
        if !set.contains(.sysPtrace) {
            return Check(
                .capabilities, .warn, found: found + " lacks CAP_SYS_PTRACE",
                remedy: "The mappings of other users' processes stay unnamed: run the agent with CAP_SYS_PTRACE too.")
        }
        return Check(.capabilities, .pass, found: found)
    }

    private func checkNamespace(_ found: String) -> Check {
        guard process.isInInitialUserNamespace == false else {
            return Check(
                .capabilities, .unknown, found: found + ", perhaps in a user namespace",
                remedy: "Capabilities count for tracing only in the initial one: mount proc at /proc to see.")
        }
        return Check(
            .capabilities, .fail, found: found + " in a user namespace",
            remedy: "Capabilities count for tracing only in the initial user namespace: run the agent outside.")
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
            .selinux, .fail, found: found, remedy: "No faults through \(call.name): \(advice(on: errno, of: call)).")
    }
}
