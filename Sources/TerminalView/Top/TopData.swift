import FaultModel
public import LiveModel
public import TraceModel

/// A trace at one moment.
public struct TopData: Sendable {
    public let summary: TraceSummary
    public let activity: TraceActivity
    /// What is traced, for people: a device's name or an address.
    public let target: String
    /// The trace is over, as a recording's is.
    public let isEnded: Bool
    /// Why not all of it is there, in words; nil: it is, as far as is known.
    public let missing: String?

    public init(_ summary: TraceSummary, _ activity: TraceActivity, target: String, isEnded: Bool = false, missing: String? = nil) {
        self.summary = summary
        self.activity = activity
        self.target = target
        self.isEnded = isEnded
        self.missing = missing
    }

    var tellsOutcome: Bool { summary.session.columns.contains(.outcome) }
    var tellsTime: Bool { summary.session.columns.contains(.latency) }

    /// By which tables are sorted at first: what a trace does now, or what it has cost.
    public var firstColumn: TopColumn { !isEnded ? .rate : tellsTime ? .totalTime : .total }

    /// Of one process, or of all.
    func faults(of pid: UInt32?) -> UInt64 {
        guard let pid else { return activity.totals.faults }
        return activity.processes.first { $0.pid == pid }?.counts.faults ?? 0
    }
}
