import TraceModel

/// Two recordings side by side, group by group. Where one in a different number of faults was let through, both are scaled up to
/// all faults.
public struct ReportComparison: Sendable {
    public struct Row: Equatable, Sendable {
        /// nil: not known.
        public let name: String?
        public let before: UInt64
        public let after: UInt64
        /// In all faults together whose end is known.
        public let latencyNsBefore: UInt64
        public let latencyNsAfter: UInt64

        /// Negative: there were more before.
        public var change: Int64 { Int64(clamping: after) - Int64(clamping: before) }
        public var isNew: Bool { before == 0 }
        public var isGone: Bool { after == 0 }
    }

    public let before: TraceReport
    public let after: TraceReport
    /// What one recorded fault counts for in the rows.
    public let weights: (before: UInt64, after: UInt64)
    /// Those that changed most first.
    public let rows: [Row]

    /// - Parameters:
    ///   - before: of the same grouping, with processes joined.
    public init(before: TraceReport, after: TraceReport) {
        (self.before, self.after) = (before, after)
        let weights = Self.weights(before.summary.session, after.summary.session)
        self.weights = weights
        let (old, new) = (Self.byName(before), Self.byName(after))
        rows = Set(old.keys).union(new.keys).map { Row(name: $0, old[$0], new[$0], weights) }
            .sorted { ($1.change.magnitude, $0.name ?? "") < ($0.change.magnitude, $1.name ?? "") }
    }

    private static func weights(_ before: TraceSession, _ after: TraceSession) -> (before: UInt64, after: UInt64) {
        before.sampleEvery == after.sampleEvery ? (1, 1) : (UInt64(before.sampleEvery), UInt64(after.sampleEvery))
    }

    private static func byName(_ report: TraceReport) -> [String?: GroupSum] {
        var sums: [String?: GroupSum] = [:]
        for group in report.groups { sums[group.name, default: GroupSum(keepsLatencies: false)].add(group.sum) }
        return sums
    }
}

extension ReportComparison.Row {
    /// - Parameters: nil: the group is not there.
    fileprivate init(name: String?, _ old: GroupSum?, _ new: GroupSum?, _ weights: (before: UInt64, after: UInt64)) {
        self.name = name
        before = (old?.events ?? 0).multipliedOrMax(by: weights.before)
        after = (new?.events ?? 0).multipliedOrMax(by: weights.after)
        latencyNsBefore = (old?.latencyNs ?? 0).multipliedOrMax(by: weights.before)
        latencyNsAfter = (new?.latencyNs ?? 0).multipliedOrMax(by: weights.after)
    }
}
