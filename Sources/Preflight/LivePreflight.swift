public import FaultModel

/// The preflight of the machine that it runs on: asks the kernel, by trying, and judges the answers.
public struct LivePreflight {
    public init() {}

    /// Runs every probe. All that it opens, loads and attaches is closed again before it returns; a tracefs that it
    /// had to mount stays, and the report says so.
    /// - Parameter trySources: tells what comes of loading and attaching each source, best source first. It is called after the probes:
    ///   the kernel logs ten denials in five seconds (printk_ratelimit), and those of a source that is tried in many ways are all alike.
    public func report(trySources: () -> [SourceVerdict]) -> PreflightReport {
        var facts = DeviceFacts.gathered()
        let sources = trySources()
        facts.denials = .toThisProcess()
        return facts.report(sources: sources)
    }

    /// Only what takes no time: what the machine is.
    public func outline() -> PreflightReport {
        PreflightReport(basis: .live, kernel: .running(), selinux: .gathered(), sources: [], checks: [])
    }
}

/// Where tracefs is, mounting it at its usual place if need be; nil when it is not to be had.
public func mountedTracefs() -> String? {
    Tracefs.find().path
}
