public import FaultModel

/// Which processes are never to be told of, asked of them as they are now.
public struct Exclusion {
    private let filter: RecordFilter?
    private let facts: ThreadFacts

    /// nil: the filter excludes nobody.
    public init?(_ filter: FaultFilter) { self.init(filter, facts: .live) }

    init?(_ filter: FaultFilter, facts: ThreadFacts) {
        if filter.excludedPids.isEmpty, filter.excludedUids.isEmpty, filter.excludedComms.isEmpty { return nil }
        var exclusions = FaultFilter()
        exclusions.excludedPids = filter.excludedPids
        exclusions.excludedUids = filter.excludedUids
        exclusions.excludedComms = filter.excludedComms
        // A filter that cannot be made lets nobody through.
        self.filter = (try? KernelFilter(ProbeRequest(source: .perfRing, filter: exclusions), wakeAtBytes: 0)).map { RecordFilter($0) }
        self.facts = facts
    }

    /// By its id, its user or its main thread's name. Whoever has gone cannot be asked and is excluded.
    public func excludes(_ pid: UInt32) -> Bool {
        guard let filter, filter.wants(process: pid), let user = facts.user(pid), var name = facts.name(pid) else { return true }
        return withUnsafeBytes(of: &name) { !filter.wants(user: user, comm: $0.baseAddress!) }
    }
}
