import FaultModel
import KernelConfiguration

extension DumpFacts {
    func checkKernelVersion() -> Check {
        guard let version, let release = config.release else {
            return Check(
                .kernelVersion, .unknown, found: "the configuration has no heading that tells it",
                remedy: "Sources that came with some version stay open: give the whole file, with its first lines.")
        }
        if version < KernelVersion(4, 1) {
            return Check(
                .kernelVersion, .fail, found: "the configuration is for " + release,
                remedy: "Perf events cannot be told which clock to use before 4.1: use a device with a newer kernel.")
        }
        if version < KernelVersion(4, 17) {
            return Check(
                .kernelVersion, .warn, found: "the configuration is for " + release,
                remedy: "Programs on perf events learn the fault's address only from 4.17 on, so that perf_bpf and kprobe "
                    + "are out: use a device with a newer kernel for them.")
        }
        return Check(.kernelVersion, .pass, found: "the configuration is for " + release)
    }

    func checkKernelConfig() -> Check {
        if arch.hasAgent == false {
            return Check(
                .kernelConfig, .fail, found: "the configuration is for \(arch.name)",
                remedy: "There is no agent for it: use a device with a 64-bit arm64 or x86 kernel.")
        }
        if let faults = config.shortcomings {
            return Check(
                .kernelConfig, faults.areGrave ? .fail : .warn, found: "the configuration says " + faults.findings,
                remedy: faults.cost)
        }
        if !config.isWhole {
            return Check(
                .kernelConfig, .unknown, found: "only a part of a configuration",
                remedy: "What it does not mention stays open: give all of /proc/config.gz.")
        }
        return Check(.kernelConfig, .pass, found: "nothing is missing from the configuration")
    }

    func checkPageSize() -> Check {
        if let pageSize { return Check(.pageSize, .pass, found: "the configuration says \(pageSize)") }
        return Check(
            .pageSize, .unknown, found: "the configuration does not say it",
            remedy: "No loss by itself: the agent asks the kernel.")
    }
}
