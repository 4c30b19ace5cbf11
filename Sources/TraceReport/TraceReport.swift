public import FaultModel
public import TraceModel

/// What a recording comes to.
public struct TraceReport: Sendable {
    public struct Group: Sendable {
        /// For people, a process's last one; nil: not known.
        public internal(set) var name: String?
        /// Of what stands for one process or thread.
        public let pid: UInt32?
        public let tid: UInt32?
        public internal(set) var sum: GroupSum
    }

    public let summary: TraceSummary
    public let grouping: ReportGrouping
    public let order: ReportOrder
    /// By `order`, those first that have the most.
    public let groups: [Group]
    /// The faults of the groups that were too many to keep apart.
    public let others: GroupSum
    /// By how they ended, and by nil where that is not known; those that occurred.
    public let outcomes: [(outcome: FaultOutcome?, sum: GroupSum)]
    public let files: [FileFaults]
    public let pages: [PageFaults]
    /// So many faults a page may have had more than its count says.
    public let pageError: UInt64
    public let timeline: Timeline

    /// How long all faults took whose latency is known.
    public var latencies: Latencies {
        var all = Latencies()
        for (_, sum) in outcomes { if let part = sum.latencies { all.add(part) } }
        return all
    }
}
