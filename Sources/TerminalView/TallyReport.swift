import FaultModel
public import TraceModel
import WireProtocol

/// Counted faults as a table for a person to read.
public struct TallyReport: Sendable {
    /// Groups shown one by one, unless the caller says otherwise.
    public static let groupsShown = 20

    let summary: TallySummary
    let palette: Palette
    private let top: Int

    /// - Parameters:
    ///   - top: how many groups are shown one by one.
    ///   - isColored: whether to use the terminal's colours.
    public init(_ summary: TallySummary, top: Int, isColored: Bool) {
        self.summary = summary
        self.top = top
        palette = Palette(isColored: isColored)
    }

    /// What there is to tell when the counting has ended, ending with a line's end.
    public var text: String {
        let head = [headline] + sampleLines + heldBackLines + lossLines + cutLines
        return joined([head, groupLines, histogramLines, cpuLines, commandLines])
    }

    /// The same of one interval: the table alone.
    public var intervalText: String { joined([[headline], groupLines]) }

    private func joined(_ sections: [[String]]) -> String {
        sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var total: TallyCounts { summary.tally.total }

    // MARK: The head

    private var headline: String {
        let faults = Quantity.count(total.faults) + (total.faults == 1 ? " page fault" : " page faults")
        let rate = Quantity.rate(FaultRate.perSecond(total.faults, overNs: summary.durationNs))
        let lost = summary.lost == 0 ? "none lost" : "\(Quantity.count(summary.lost)) lost"
        let place = summary.isCountedInKernel ? "counted in the kernel" : "told one by one and counted here"
        return "\(palette.bold.text)\(faults) in \(Quantity.duration(summary.durationNs)) (\(rate))\(palette.reset.text), \(lost), "
            + "source \(summary.session.source.name), \(place)"
    }

    private var sampleLines: [String] {
        summary.weight == 1 ? [] : ["estimated: one fault in \(Quantity.count(summary.weight)) was counted, and stands for as many."]
    }

    private var heldBackLines: [String] { summary.heldBack == 0 ? [] : [Quantity.heldBack(summary.heldBack)] }

    private var lossLines: [String] {
        guard summary.lost > 0 else { return [] }
        let what = summary.isCountedInKernel ? "found no room among the counts" : "found the kernel buffer full"
        return [
            warning("lost: \(Quantity.count(summary.lost)) page faults \(what)."),
            "  Raise --buffer above \(Quantity.bytes(summary.session.bufferSize)), or ask for less with filters or --sample.",
        ]
    }

    private var cutLines: [String] {
        switch summary.cut {
        case nil: []
        case .noEnding?: [warning("incomplete: the agent went away before its last word; faults after the last round are unknown.")]
        case .differs(let sent, let lost)?:
            [
                warning(
                    "incomplete: the agent counted \(Quantity.count(sent)) faults and \(Quantity.count(lost)) lost, "
                        + "\(Quantity.count(summary.received)) and \(Quantity.count(summary.lost)) arrived here.")
            ]
        case .interrupted?: [warning("incomplete: the connection was lost, and faults meanwhile are unknown.")]
        case .notFollowed(let count)?:
            [
                warning(
                    "incomplete: \(Quantity.count(count)) of the command's descendants could not be followed, "
                        + "and their faults are not counted; run a shorter piece of it.")
            ]
        }
    }

    private func warning(_ text: String) -> String { palette.warning.text + text + palette.reset.text }
    private func title(_ text: String) -> String { palette.bold.text + text + palette.reset.text }

    // MARK: Groups

    private var tells: (outcome: Bool, access: Bool) {
        (summary.session.columns.contains(.outcome), summary.session.columns.contains(.access))
    }

    private var groupLines: [String] {
        let shown = summary.tally.groups(top: top)
        if shown.isEmpty { return [] }
        let columns = TallyColumn.columns(summary)
        var table = TextTable(heading: columns.map(\.heading), leftAligned: [columns.count - 1])
        for group in shown { table.add(columns.map { $0.cell(group, summary) }) }
        return [title("by \(summary.grouping.rawValue)")] + table.lines + restLines(shown)
    }

    private func restLines(_ shown: [FaultTally.Group]) -> [String] {
        let others = summary.tally.others.faults
        let hidden = summary.tally.groups.count - shown.count
        let rest = shown.reduce(total.faults - min(total.faults, others)) { $0 - min($0, $1.counts.faults) }
        var lines: [String] = []
        if hidden > 0 { lines.append("  " + Quantity.hidden(groups: hidden, faults: rest)) }
        if others > 0 { lines.append("  and \(Quantity.count(others)) that were too many groups to keep apart") }
        return lines
    }

    // MARK: Latency

    private static let barWidth = 50

    private var histogramLines: [String] {
        let bars = total.histogram.bars
        guard let most = bars.map(\.faults).max() else { return [] }
        var table = TextTable(heading: ["from", "faults", "share", ""], leftAligned: [3])
        for bar in bars {
            let width = Int((Double(bar.faults) / Double(most) * Double(Self.barWidth)).rounded(.up))
            table.add(
                [
                    Quantity.duration(bar.fromNs), Quantity.count(bar.faults), Quantity.share(bar.faults, of: total.faults),
                    String(repeating: "#", count: width),
                ])
        }
        return [title("by time taken")] + table.lines
    }

    // MARK: The rest

    private var cpuLines: [String] {
        guard tells.outcome, let cpu = summary.cpu.total, cpu > 0 else { return [] }
        let share = Quantity.share(total.minorLatencyNs, of: cpu)
        let bound = summary.cpu.hasLowerBounds ? " at least" : ""
        let lines = [
            title("CPU time"),
            "  \(Quantity.duration(cpu))\(bound) of all these processes; minor faults took \(Quantity.duration(total.minorLatencyNs)) "
                + "of it (\(share)). A major fault sleeps meanwhile and is left out.",
        ]
        return summary.cpu.hasLowerBounds
            ? lines + ["  Some were gone before their clock could be read a last time: theirs have a + and may be more."] : lines
    }

    private var commandLines: [String] {
        guard let command = summary.command else { return [] }
        let counted = command.minorFaults.addingOrMax(command.majorFaults)
        return [
            title("command"),
            "  exit status \(command.status); getrusage counts \(Quantity.count(counted)) page faults "
                + "(\(Quantity.count(command.minorFaults)) minor, \(Quantity.count(command.majorFaults)) major).",
        ]
    }
}
