import TraceModel
public import TraceReport

/// Two recordings side by side, for a person to read.
public struct ComparisonText: Sendable {
    private let comparison: ReportComparison
    private let (before, after): (String, String)
    private let top: Int
    private let palette: Palette

    /// - Parameters:
    ///   - before: what the first recording is called.
    ///   - top: how many groups are shown.
    public init(_ comparison: ReportComparison, before: String, after: String, top: Int, isColored: Bool) {
        self.comparison = comparison
        (self.before, self.after) = (before, after)
        self.top = top
        palette = Palette(isColored: isColored)
    }

    /// The whole comparison, ending with a line's end.
    public var text: String {
        ([headLines, groupLines].map { $0.joined(separator: "\n") + "\n" }).joined(separator: "\n")
    }

    private var headLines: [String] {
        var table = TextTable(heading: ["", "faults", "rate", "duration", "time in all", "lost", "recording"], leftAligned: [0, 6])
        table.add(row("before", comparison.before, before))
        table.add(row("after", comparison.after, after))
        return table.lines + lengthLines + sampleLines
    }

    /// A longer run has more faults of everything.
    private var lengthLines: [String] {
        let (before, after) = (comparison.before.summary.durationNs, comparison.after.summary.durationNs)
        guard max(before, after) - min(before, after) > max(before, after) / 10 else { return [] }
        return ["  They do not last equally long: what follows are faults in all, and not by the second."]
    }

    private var sampleLines: [String] {
        let (before, after) = comparison.weights
        guard (before, after) != (1, 1) else { return [] }
        return [
            "  Before, one fault in \(Quantity.count(before)) was let through, after, one in \(Quantity.count(after)): "
                + "what follows is scaled up to all faults."
        ]
    }

    private func row(_ word: String, _ report: TraceReport, _ name: String) -> [String] {
        let summary = report.summary
        let time = report.outcomes.reduce(UInt64(0)) { $0.addingOrMax($1.sum.latencyNs) }
        return [
            word, Quantity.count(summary.events), Quantity.rate(summary.ratePerSecond), Quantity.duration(summary.durationNs),
            Quantity.duration(time), Quantity.count(summary.lost), ReportText.safe(name),
        ]
    }

    private var groupLines: [String] {
        let changed = comparison.rows.filter { $0.change != 0 }
        let grouping = comparison.before.grouping
        if changed.isEmpty { return ["by \(grouping.rawValue) nothing has changed"] }
        var table = TextTable(heading: ["before", "after", "change", "", "time before", "time after", grouping.rawValue], leftAligned: [3, 6])
        for row in changed.prefix(top) { table.add(cells(row) + [GroupWords.text(row.name, grouping)]) }
        let hidden = changed.count - min(changed.count, top)
        let rest = hidden > 0 ? ["  and \(Quantity.count(UInt64(hidden))) more that changed less; --top 0 shows all"] : []
        return [palette.bold.text + "what changed, by \(grouping.rawValue)" + palette.reset.text] + table.lines + rest
    }

    private func cells(_ row: ReportComparison.Row) -> [String] {
        let change = (row.change < 0 ? "-" : "+") + Quantity.count(row.change.magnitude)
        return [
            Quantity.count(row.before), Quantity.count(row.after), change, word(row), Quantity.duration(row.latencyNsBefore),
            Quantity.duration(row.latencyNsAfter),
        ]
    }

    private func word(_ row: ReportComparison.Row) -> String {
        if row.isNew { return "new" }
        if row.isGone { return "gone" }
        return "x" + Quantity.fixed(Double(row.after) / Double(row.before), 2)
    }
}
