public import FaultModel

/// The preflight of the machine that it runs on: asks the kernel, by trying, and judges the answers.
public struct LivePreflight {
    public init() {}

    /// Runs every probe. All that it opens, loads, attaches and mounts is closed again before it returns.
    /// - Parameter trySources: tells what comes of loading and attaching each source, best source first. It is called after the probes:
    ///   the kernel logs ten denials in five seconds (printk_ratelimit), and those of a source that is tried in many ways are all alike.
    public func report(trySources: () -> [SourceVerdict]) -> PreflightReport {
        Tracefs.inUse { tracefs in
            var facts = DeviceFacts.gathered(tracefs: tracefs)
            let sources = trySources()
            facts.denials = .toThisProcess()
            return facts.report(sources: sources)
        }
    }

    /// Only what takes no time: what the machine is.
    public func outline() -> PreflightReport {
        PreflightReport(basis: .live, kernel: .running(), selinux: .gathered(), sources: [], checks: [])
    }
}

/// Runs `body` with tracefs at its place, if it can be had. A process that is started meanwhile may see it, too.
public func withTracefs<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    try Tracefs.inUse { _ throws(Failure) in try body() }
}
