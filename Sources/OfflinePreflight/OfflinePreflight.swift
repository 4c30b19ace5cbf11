public import FaultModel

/// The preflight of a device that is not there: judges the kernel's configuration and, if given, its lists of
/// tracepoints and symbols. It says what the configuration makes possible, and leaves open what only the device can tell.
public struct OfflinePreflight {
    private let facts: DumpFacts

    /// - Parameters:
    ///   - config: /proc/config.gz as it was fetched, packed or not.
    ///   - tracepoints: /sys/kernel/tracing/available_events.
    ///   - symbols: /proc/kallsyms.
    public init(config: [UInt8], tracepoints: [UInt8]? = nil, symbols: [UInt8]? = nil) throws(DumpError) {
        facts = try DumpFacts(config: config, tracepoints: tracepoints, symbols: symbols)
    }

    public func report() -> PreflightReport {
        PreflightReport(
            basis: .dump, kernel: facts.kernel, selinux: facts.selinux, sources: FaultSource.allCases.map(facts.judge),
            checks: CheckID.allCases.map(facts.check))
    }
}
