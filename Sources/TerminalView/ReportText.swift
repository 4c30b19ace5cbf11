import FaultModel
import TraceModel
public import TraceReport

/// What a recording comes to, for a person to read.
public struct ReportText: Sendable {
    /// Groups, files and pages shown, unless the caller says otherwise.
    public static let groupsShown = 20

    let report: TraceReport
    let palette: Palette
    private let origin: [String]
    private let top: Int
    private let isColored: Bool

    /// - Parameters:
    ///   - origin: where the recording comes from, a fact a line.
    ///   - top: how many groups are shown one by one.
    ///   - isColored: whether to use the terminal's colours.
    public init(_ report: TraceReport, origin: [String], top: Int, isColored: Bool) {
        self.report = report
        self.origin = origin
        self.top = top
        self.isColored = isColored
        palette = Palette(isColored: isColored)
    }

    /// The whole report, ending with a line's end.
    public var text: String {
        let sections = [origin.map(Self.safe), headLines, timeLines, groupLines, latencyLines, fileLines, pageLines]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var headLines: [String] { EndingReport(report.summary, isColored: isColored).head }

    private var events: UInt64 { report.summary.events }

    func title(_ text: String) -> String { palette.bold.text + text + palette.reset.text }

    static func safe(_ text: String) -> String { SafeText.escaped(Array(text.utf8)) }
}

// MARK: - Groups

extension ReportText {
    var groupLines: [String] {
        let shown = report.groups.prefix(top)
        if shown.isEmpty { return [] }
        let columns = ReportColumn.columns(report)
        var table = TextTable(heading: columns.map(\.heading), leftAligned: [columns.count - 1])
        for group in shown { table.add(columns.map { $0.cell(group, report) }) }
        return [title("by \(report.grouping.rawValue)") + order + without] + table.lines + restLines(Array(shown))
    }

    private var order: String {
        switch report.order {
        case .faults: ""
        case .time: ", those first that took the most time"
        case .major: ", those first that had to wait most often"
        }
    }

    /// Why there is one group alone where stacks were asked for.
    private var without: String {
        report.grouping == .stack && report.groups.allSatisfy { $0.name == nil } ? ": none was recorded; trace with --stacks" : ""
    }

    private func restLines(_ shown: [TraceReport.Group]) -> [String] {
        let hidden = report.groups.count - shown.count
        let rest = shown.reduce(events - min(events, report.others.events)) { $0 - min($0, $1.sum.events) }
        var lines: [String] = []
        if hidden > 0 { lines.append("  " + Quantity.hidden(groups: hidden, faults: rest)) }
        if report.others.events > 0 { lines.append("  and \(Quantity.count(report.others.events)) that were too many groups to keep apart") }
        return lines
    }
}

/// A column of the table of groups.
enum ReportColumn: CaseIterable {
    case pid, tid, faults, rate, share, user, kernel, read, write, execute, major, failed, time, median, tail, longest, name

    static func columns(_ report: TraceReport) -> [ReportColumn] { allCases.filter { $0.isTold(report) } }

    private func isTold(_ report: TraceReport) -> Bool {
        let columns = report.summary.session.columns
        return switch self {
        case .pid: report.grouping == .process || report.grouping == .thread
        case .tid: report.grouping == .thread
        case .user, .kernel: columns.contains(.mode)
        case .read, .write, .execute: columns.contains(.access)
        case .major, .failed: columns.contains(.outcome)
        case .time, .median, .tail, .longest: columns.contains(.latency)
        case .faults, .rate, .share, .name: true
        }
    }

    var heading: String {
        switch self {
        case .time: "time in all"
        case .median: "p50"
        case .tail: "p99"
        case .longest: "max"
        default: "\(self)"
        }
    }

    func cell(_ group: TraceReport.Group, _ report: TraceReport) -> String {
        let sum = group.sum
        return switch self {
        case .pid: group.pid.map { "\($0)" } ?? "-"
        case .tid: group.tid.map { "\($0)" } ?? "-"
        case .faults: Quantity.count(sum.events)
        case .rate: Quantity.rate(FaultRate.perSecond(sum.events, overNs: report.summary.durationNs))
        case .share: Quantity.share(sum.events, of: report.summary.events)
        case .user: Quantity.count(sum.user)
        case .kernel: Quantity.count(sum.kernel)
        case .read: Quantity.count(sum.read)
        case .write: Quantity.count(sum.write)
        case .execute: Quantity.count(sum.execute)
        case .major: Quantity.count(sum.major)
        case .failed: Quantity.count(sum.failed)
        case .time: Quantity.duration(sum.latencyNs)
        case .median: LatencyCell.text(sum.latencies) { $0.percentile(50) }
        case .tail: LatencyCell.text(sum.latencies) { $0.percentile(99) }
        case .longest: LatencyCell.text(sum.latencies) { $0.longestNs }
        case .name: GroupWords.text(group.name, report.grouping)
        }
    }
}

enum LatencyCell {
    static func text(_ latencies: Latencies?, _ value: (Latencies) -> UInt64) -> String {
        guard let latencies, latencies.count > 0 else { return "-" }
        return Quantity.duration(value(latencies))
    }
}

enum GroupWords {
    /// A group's name for people.
    static func text(_ name: String?, _ grouping: ReportGrouping) -> String {
        guard let name else { return "-" }
        if grouping == .cause, let cause = FaultCause.allCases.first(where: { $0.name == name }) { return cause.words }
        return ReportText.safe(name)
    }
}
