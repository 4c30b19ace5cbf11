import FaultModel
import TraceModel
public import TraceReport

/// What an app's start came to, for a person to read.
public struct LaunchText: Sendable {
    let report: LaunchReport
    let palette: Palette
    private let isColored: Bool
    private let recorded: String?

    /// - Parameters:
    ///   - recorded: where the trace is kept; nil: nowhere.
    ///   - isColored: whether to use the terminal's colours.
    public init(_ report: LaunchReport, recorded: String? = nil, isColored: Bool) {
        self.report = report
        self.recorded = recorded
        self.isColored = isColored
        palette = Palette(isColored: isColored)
    }

    /// The whole report, ending with a line's end.
    public var text: String {
        let (byCause, byRegion) = (table(report.faults.byCause), table(report.faults.byRegion))
        let sections = [
            headLines, timeLines, byCause.groupLines, byRegion.groupLines, byCause.fileLines, worstLines, readLines, traceLines,
        ]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private func table(_ report: TraceReport) -> ReportText { ReportText(report, origin: [], top: .max, isColored: isColored) }

    func title(_ text: String) -> String { palette.bold.text + text + palette.reset.text }

    /// Milliseconds from the start on: `12.3 ms`, `-4.0 ms`.
    func moment(_ timeNs: UInt64) -> String {
        let since = report.launch.sinceStart(timeNs)
        return (since < 0 ? "-" : "") + Quantity.fixed(Double(since.magnitude) / 1e6, 1) + " ms"
    }

    // MARK: The head

    private var headLines: [String] {
        [title("\(component) \(displayed)") + state] + [untilLine, line(report.before, "before the start")].compactMap(\.self)
    }

    private var component: String { ReportText.safe("\(report.launch.package)/\(report.launch.activity)") }

    private var displayed: String {
        guard let ns = report.launch.displayedAfterNs else { return "was started; when it was displayed is not known" }
        return "displayed after " + Quantity.count(ns / 1_000_000) + " ms"
    }

    private var state: String {
        let launch = report.launch
        let words = [launch.state.map(ReportText.safe), launch.isCold ? "page cache dropped before" : nil].compactMap(\.self)
        return words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
    }

    private var untilLine: String? {
        guard let until = report.untilDisplayed else { return line(report.after, "since the start") }
        let after = report.after.events == 0 ? "" : "; " + faults(report.after, "afterwards")
        return "  " + faults(until, "until then") + after
    }

    private func line(_ sum: TimedCount, _ when: String) -> String? { sum.events == 0 ? nil : "  " + faults(sum, when) }

    /// `1,234 page faults until then, taking 12.0 ms`; of threads side by side all together.
    private func faults(_ sum: TimedCount, _ when: String) -> String {
        let time = sum.timed == 0 ? "" : ", taking \(Quantity.duration(sum.latencyNs))"
        return Quantity.count(sum.events) + (sum.events == 1 ? " page fault " : " page faults ") + when + time
    }

    /// How complete it is, by which source, and what that does not tell.
    private var traceLines: [String] {
        let ending = EndingReport(report.faults.summary, isColored: isColored)
        let kept = recorded.map { ["recorded in \($0)"] } ?? []
        return [title("the trace")] + (ending.head + kept).map { "  " + $0 } + ending.columnLines
    }
}
