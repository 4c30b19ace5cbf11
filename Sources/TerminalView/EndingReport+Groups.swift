import FaultModel
import TraceModel

extension EndingReport {
    // MARK: By process

    var processLines: [String] {
        let shown = summary.statistics.processes(top: Self.processesShown)
        if shown.isEmpty { return [] }
        var table = TextTable(
            heading: ["pid", "parent", "lived", "events", "rate", "share", "user", "kernel", "read", "write", "execute"] + cpuHeadings
                + ["process"],
            leftAligned: [11 + cpuHeadings.count])
        for faults in shown {
            let process = summary.process(faults)
            table.add(["\(faults.pid)"] + life(of: process) + cells(faults.counts) + cpuCells(faults) + [name(of: faults, process)])
        }
        return [title("by process")] + table.lines + restLines(shown)
    }

    private func life(of process: TracedProcess?) -> [String] {
        let parent = process?.parent ?? 0
        return [parent == 0 ? "-" : "\(parent)", process?.lifetimeNs.map { Quantity.duration($0) } ?? "-"]
    }

    /// Its full name, and the package where the name does not tell it.
    private func name(of faults: ProcessFaults, _ process: TracedProcess?) -> String {
        guard let process, !process.name.isEmpty else { return SafeText.escaped(faults.comm.bytes) }
        let isTold = process.package.isEmpty || process.name.hasPrefix(process.package)
        return SafeText.escaped(Array((process.name + (isTold ? "" : " (\(process.package))")).utf8))
    }

    /// CPU time, and what share of it minor faults took, as far as both are told.
    private var cpuHeadings: [String] {
        guard summary.cpu.total != nil else { return [] }
        return ["CPU time"] + (summary.session.columns.contains(.latency) ? ["faults' part"] : [])
    }

    private func cpuCells(_ process: ProcessFaults) -> [String] {
        let cells = [summary.cpu.text(of: process.pid), summary.cpu.text(of: process.pid, spentIn: process.minorLatencyNs)]
        return Array(cells.prefix(cpuHeadings.count))
    }

    private func cells(_ counts: FaultCounts) -> [String] {
        let rate = FaultRate.perSecond(counts.events, overNs: summary.durationNs)
        return [Quantity.count(counts.events), Quantity.rate(rate), Quantity.share(counts.events, of: summary.events)]
            + [counts.user, counts.kernel, counts.read, counts.write, counts.execute].map(Quantity.count)
    }

    /// The processes that are not in the table: those with fewer faults, and those that were not counted one by one.
    private func restLines(_ shown: [ProcessFaults]) -> [String] {
        let statistics = summary.statistics
        let others = statistics.otherProcesses?.events ?? 0
        let hidden = statistics.processCount - shown.count
        let hiddenEvents = summary.events - others - shown.reduce(0) { $0 + $1.counts.events }
        var lines: [String] = []
        if hidden > 0 {
            lines.append("  and \(Quantity.count(hiddenEvents)) of \(Quantity.count(UInt64(hidden))) further processes")
        }
        if others > 0 {
            let limit = Quantity.count(UInt64(statistics.processCount))
            lines.append("  and \(Quantity.count(others)) of processes past the first \(limit), counted together")
        }
        return lines
    }

    // MARK: By kind

    var kindLines: [String] {
        let kinds = summary.statistics.byKind
        if kinds.isEmpty { return [] }
        var table = TextTable(heading: ["mode", "access", "page", "events", "rate", "share"], leftAligned: [0, 1, 2])
        for kind in kinds {
            table.add(
                [kind.mode?.name ?? "-", kind.access?.name ?? "-", presenceWord(kind.present)] + cells(kind.events))
        }
        return [title("by kind")] + table.lines
    }

    private func cells(_ events: UInt64) -> [String] {
        let rate = FaultRate.perSecond(events, overNs: summary.durationNs)
        return [Quantity.count(events), Quantity.rate(rate), Quantity.share(events, of: summary.events)]
    }

    // MARK: By outcome and by cause

    var outcomeLines: [String] {
        timedLines("outcome", summary.statistics.byOutcome.map { ($0.outcome?.name ?? "-", $0.sum) })
    }

    var causeLines: [String] {
        timedLines("cause", summary.statistics.byCause.map { ($0.cause?.words ?? "-", $0.sum) })
    }

    /// Groups with the time that was spent in their faults.
    private func timedLines(_ name: String, _ groups: [(word: String, sum: TimedCount)]) -> [String] {
        if groups.isEmpty { return [] }
        var table = TextTable(heading: [name, "events", "rate", "share", "time in all", "each"], leftAligned: [0])
        for group in groups { table.add([group.word] + cells(group.sum.events) + times(group.sum)) }
        return [title("by " + name)] + table.lines
    }

    private func times(_ sum: TimedCount) -> [String] {
        guard sum.timed > 0 else { return ["-", "-"] }
        return [Quantity.duration(sum.latencyNs), Quantity.duration(sum.latencyNs / sum.timed)]
    }

    // MARK: By flag

    var flagLines: [String] {
        let flags = summary.statistics.byFlag
        if flags.isEmpty { return [] }
        var table = TextTable(heading: ["flag", "events", "rate", "share", "meaning"], leftAligned: [0, 4])
        for flag in flags { table.add([flag.name] + cells(flag.events) + [FlagMeaning.text(flag.name)]) }
        return [title("by error-code flag (a fault counts under each of its flags)")] + table.lines + uncodedLines
    }

    private var uncodedLines: [String] {
        let uncoded = summary.statistics.eventsWithoutFlags
        if uncoded == 0 { return [] }
        return ["  and \(Quantity.count(uncoded)) whose error codes were too many to keep apart"]
    }
}
