import FaultModel
import KernelConfiguration

extension DeviceFacts {
    var version: KernelVersion? { kernel.version }

    /// 4.9 has perf_event programs (commit 0515e5999a46) and 4.17 tells them the address (commit 95da0cdb7232).
    func checkKernelVersion() -> Check {
        guard let version else {
            return Check(
                .kernelVersion, .unknown, found: "\"\(kernel.release)\"",
                remedy: "The release cannot be read, so rely on the checks that try things.")
        }
        if version < KernelVersion(4, 9) {
            return Check(
                .kernelVersion, .fail, found: kernel.release,
                remedy: "BPF programs on perf events need Linux 4.9: only perf_ring, which needs no BPF, is left.")
        }
        if version < KernelVersion(4, 17) {
            return Check(
                .kernelVersion, .warn, found: kernel.release,
                remedy: "Programs on perf events learn the fault's address only from 4.17 on: the perf_bpf source is "
                    + "out unless the vendor ported that back.")
        }
        return Check(.kernelVersion, .pass, found: kernel.release)
    }

    func checkPageSize() -> Check {
        if kernel.pageSize > 0 { return Check(.pageSize, .pass, found: "\(kernel.pageSize)") }
        return Check(
            .pageSize, .unknown, found: "sysconf(3) does not tell", remedy: "Addresses cannot be rounded to pages.")
    }

    func checkKernelConfig() -> Check {
        switch config {
        case .success(let config): check(config)
        case .failure(let errno):
            Check(
                .kernelConfig, .unknown, found: "\(configPath): \(errno.text)",
                remedy: "No loss by itself; the other checks try things instead of reading that they should work.")
        }
    }

    private func check(_ config: KernelConfig) -> Check {
        guard let faults = config.shortcomings else {
            return Check(.kernelConfig, .pass, found: configPath + ": nothing is missing")
        }
        return Check(
            .kernelConfig, faults.areGrave ? .fail : .warn, found: configPath + ": " + faults.findings, remedy: faults.cost)
    }
}
