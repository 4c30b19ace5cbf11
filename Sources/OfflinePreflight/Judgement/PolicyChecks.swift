import FaultModel
import KernelConfiguration

/// What a device decides when it runs, and no dump can tell.
extension DumpFacts {
    func checkCapabilities() -> Check {
        Check(
            .capabilities, .unknown, found: "no dump tells what the agent may do",
            remedy: "Run the agent as root, and the preflight there to see.")
    }

    func checkSELinux() -> Check {
        if config.state(.selinux) == false {
            return Check(.selinux, .pass, found: "the configuration says \(KernelOption.selinux.rawValue) is off")
        }
        return Check(
            .selinux, .unknown, found: "no dump tells the policy",
            remedy: "It may deny bpf(2) or perf_event_open(2) to the agent: run the preflight on the device to see.")
    }

    /// The module came with 5.4; forced confidentiality is the one level that the configuration alone sets for good.
    func checkLockdown() -> Check {
        if isForcedConfidential {
            return Check(
                .lockdown, .warn, found: "the configuration says \(KernelOption.forcedConfidentiality.rawValue) is on",
                remedy: "Tracefs, kprobes and kernel memory are closed to tracers, so perf_bpf and perf_ring remain: "
                    + "use another kernel for more.")
        }
        if config.state(.lockdown) == false {
            return Check(.lockdown, .pass, found: "the configuration says \(KernelOption.lockdown.rawValue) is off")
        }
        return Check(
            .lockdown, .unknown, found: "the configuration allows it, and the boot parameters decide",
            remedy: "With lockdown=confidentiality only perf_bpf and perf_ring remain: run the preflight on the device to see.")
    }

    /// "bpf: switch to memcg-based memory accounting" is from 5.11.
    func checkMemlock() -> Check {
        if let version, version >= KernelVersion(5, 11) {
            return Check(.memlock, .pass, found: "Linux \(version.text) does not charge BPF maps to it")
        }
        return Check(
            .memlock, .unknown, found: "no dump tells the limit",
            remedy: "Before 5.11 BPF maps count against it: if buffers are refused, run the agent as root or with a smaller "
                + "--buffer.")
    }
}
