import FaultModel
import KernelConfiguration

extension DeviceFacts {
    /// Below 5.11 BPF maps are charged to RLIMIT_MEMLOCK, from then on to the memory control group ("bpf: switch to
    /// memcg-based memory accounting"). The buffers of perf events are charged to it on every kernel, unless their
    /// owner has CAP_IPC_LOCK: perf_mmap in kernel/events/core.c.
    func checkMemlock() -> Check {
        switch memlock {
        case .success(let limit): check(limit)
        case .failure(let errno):
            Check(
                .memlock, .unknown, found: "getrlimit(2): \(errno.text)",
                remedy: "If buffers are refused, give the agent CAP_SYS_RESOURCE or a smaller --buffer.")
        }
    }

    private func check(_ limit: Memlock) -> Check {
        if limit.lifted == .worked { return Check(.memlock, .pass, found: limit.text + ", can be lifted") }
        let found = limit.text + ", cannot be lifted: " + limit.lifted.text
        if chargesMaps {
            return Check(
                .memlock, .warn, found: found,
                remedy: "Before 5.11 the maps of all BPF programs of a user count against it: give the agent "
                    + "CAP_SYS_RESOURCE, or keep --buffer small.")
        }
        if bpf.ringbuf != .worked, process.capabilities.value?.contains(.ipcLock) != true {
            return Check(
                .memlock, .warn, found: found,
                remedy: "Perf buffers count against it: give the agent CAP_IPC_LOCK, or keep --buffer small.")
        }
        return Check(.memlock, .pass, found: found + "; not charged here")
    }

    private var chargesMaps: Bool { version.map { $0 < KernelVersion(5, 11) } ?? true }
}

extension Memlock {
    /// The soft limit and, where it differs, the hard one.
    var text: String {
        soft == hard ? sizeText(soft) : "\(sizeText(soft)) (hard \(sizeText(hard)))"
    }
}

private func sizeText(_ bytes: UInt64) -> String {
    bytes == .max ? "unlimited" : "\(bytes / 1024) KiB"
}
