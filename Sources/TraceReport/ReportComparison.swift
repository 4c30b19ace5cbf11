import TraceModel

/// Two recordings side by side, group by group.
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
    /// Those that changed most first.
    public let rows: [Row]

    /// - Parameters:
    ///   - before: of the same grouping, with processes joined.
    public init(before: TraceReport, after: TraceReport) {
        (self.before, self.after) = (before, after)
        let (old, new) = (Self.byName(before), Self.byName(after))
        rows = Set(old.keys).union(new.keys).map { name in
            Row(
                name: name, before: old[name]?.events ?? 0, after: new[name]?.events ?? 0, latencyNsBefore: old[name]?.latencyNs ?? 0,
                latencyNsAfter: new[name]?.latencyNs ?? 0)
        }.sorted { ($1.change.magnitude, $0.name ?? "") < ($0.change.magnitude, $1.name ?? "") }
    }

    private static func byName(_ report: TraceReport) -> [String?: GroupSum] {
        var sums: [String?: GroupSum] = [:]
        for group in report.groups { sums[group.name, default: GroupSum(keepsLatencies: false)].add(group.sum) }
        return sums
    }
}
