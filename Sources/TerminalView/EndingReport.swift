import FaultModel
public import TraceModel
import WireProtocol

/// What a trace came to, for a person to read: shown when it ends, on the error stream.
public struct EndingReport: Sendable {
    /// Processes shown one by one.
    public static let processesShown = 10

    let summary: TraceSummary
    let palette: Palette
    private let recorded: String?

    /// - Parameters:
    ///   - recorded: where the trace was kept, in words; nil: nowhere.
    ///   - isColored: whether to use the terminal's colours.
    public init(_ summary: TraceSummary, recorded: String? = nil, isColored: Bool) {
        self.summary = summary
        self.recorded = recorded
        palette = Palette(isColored: isColored)
    }

    /// The whole report, ending with a line's end.
    public var text: String {
        let sections = [
            head, processLines, kindLines, outcomeLines, causeLines, flagLines, columnLines, symbolLines, commandLines, agentLines, recordedLines,
        ]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    /// The first of it alone: how many faults, and what is missing.
    public var headText: String { head.joined(separator: "\n") + "\n" }

    /// How many there were, and what is missing.
    var head: [String] { [headline] + sampleLines + heldBackLines + lossLines + stackLines + cutLines }

    private var headline: String {
        let session = summary.session
        let events = Quantity.count(summary.events) + (summary.events == 1 ? " page fault" : " page faults")
        let time = "in \(Quantity.duration(summary.durationNs)) (\(Quantity.rate(summary.ratePerSecond)))"
        let path = "source \(session.source.name), transport \(session.transport.name)"
        return "\(palette.bold.text)\(events) \(time)\(palette.reset.text), \(lossWord), \(path)"
    }

    private var lossWord: String { summary.lost == 0 ? "none lost" : "\(Quantity.count(summary.lost)) lost" }
}

// MARK: - What is missing

extension EndingReport {
    private var sampleLines: [String] {
        let every = Quantity.count(UInt64(summary.session.sampleEvery))
        return every == "1" ? [] : ["  One in \(every) was let through: each fault that is counted here stands for \(every)."]
    }

    private var heldBackLines: [String] { summary.heldBack == 0 ? [] : ["  " + Quantity.heldBack(summary.heldBack)] }

    private var lossLines: [String] {
        guard summary.lost > 0 else { return [] }
        let gaps = summary.statistics.losses.gapCount
        let place = gaps > 0 ? " in \(Quantity.count(gaps)) \(gaps == 1 ? "gap" : "gaps")" : ""
        let share = Quantity.share(summary.lost, of: summary.lost.addingOrMax(summary.events))
        let lost = "lost: \(Quantity.count(summary.lost)) page faults (\(share))\(place) found the kernel buffer full."
        return [warning(lost), "  Raise --buffer above \(bufferSize), or ask for less with filters or --sample."]
    }

    private var stackLines: [String] {
        guard let lost = summary.bye?.stacksLost, lost > 0 else { return [] }
        let stacks = Quantity.count(lost) + (lost == 1 ? " stack" : " stacks")
        return [warning("\(stacks) found no room in the kernel; the faults are here without them. Ask for less with filters or --sample.")]
    }

    private var bufferSize: String { Quantity.bytes(summary.session.bufferSize) }

    private var cutLines: [String] { (summary.cutWords.map { [warning("incomplete: \($0).")] } ?? []) + outageLines }

    private static let outagesShown = 5

    private var outageLines: [String] {
        let hidden = max(summary.outages.count - Self.outagesShown, 0)
        return summary.outages.prefix(Self.outagesShown).map { outage in
            let since = outage.sinceNs - min(outage.sinceNs, summary.session.startNs)
            return "  unknown: \(Quantity.duration(outage.durationNs)) from \(Quantity.duration(since)) on, since " + SafeText.escaped(Array(outage.reason.utf8))
        } + (hidden > 0 ? ["  and \(hidden) more"] : [])
    }

    func warning(_ text: String) -> String { palette.warning.text + text + palette.reset.text }

    func title(_ text: String) -> String { palette.bold.text + text + palette.reset.text }
}

// MARK: - The command and the agent

extension EndingReport {
    private var commandLines: [String] {
        guard let command = summary.command else { return [] }
        let counted = command.minorFaults.addingOrMax(command.majorFaults)
        return [
            title("command"),
            "  exit status \(command.status); getrusage counts \(Quantity.count(counted)) page faults "
                + "(\(Quantity.count(command.minorFaults)) minor, \(Quantity.count(command.majorFaults)) major), "
                + "the trace has \(Quantity.count(summary.events)).",
            "  The trace alone has the faults that failed and those of descendants not waited for; getrusage alone has "
                + "pages that the kernel fetched without a fault, and what the filters left out.",
        ]
    }

    private var recordedLines: [String] { recorded.map { [title("recording"), "  " + $0] } ?? [] }

    private var agentLines: [String] {
        guard let agent = summary.agent else { return [] }
        let perEvent = summary.bytesPerEvent.map { ", " + Quantity.fixed($0, 1) + " bytes an event sent" } ?? ""
        return [
            title("agent"),
            "  \(Quantity.duration(agent.cpuTimeNs)) of CPU time, \(Quantity.bytes(agent.residentBytes)) resident"
                + perEvent,
        ]
    }
}
