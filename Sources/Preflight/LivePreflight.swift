public import FaultModel

/// The preflight of the machine that it runs on: asks the kernel, by trying, and judges the answers.
public struct LivePreflight {
    public init() {}

    /// Runs every probe. All that it opens, loads and attaches is closed again before it returns; a tracefs that it
    /// had to mount stays, and the report says so.
    /// - Parameter sources: what came of loading and attaching each source, best source first.
    public func report(sources: [SourceVerdict]) -> PreflightReport {
        DeviceFacts.gathered().report(sources: sources)
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
