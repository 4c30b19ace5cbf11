import FaultModel
import TraceModel
import TraceReport

extension ReportText {
    private static let placesShown = 10
    private static let percentiles: [(heading: String, percent: Double)] = [("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9)]

    // MARK: Over time

    var timeLines: [String] {
        let steps = report.timeline.steps
        guard let most = steps.max(), steps.count > 1 else { return [] }
        let step = Quantity.duration(report.timeline.stepNs)
        return [title("over time") + ", \(step) a column, at most \(Quantity.count(most)) \(most == 1 ? "fault" : "faults") in one", "  " + Sparkline.text(steps)]
    }

    // MARK: Latency

    var latencyLines: [String] {
        let groups = report.outcomes.filter { ($0.sum.latencies?.count ?? 0) > 0 }
        if groups.isEmpty { return [] }
        var table = TextTable(heading: ["outcome", "faults"] + Self.percentiles.map(\.heading) + ["max"], leftAligned: [0])
        for group in groups { table.add(row(group.outcome?.name ?? "-", group.sum.latencies ?? Latencies())) }
        if groups.count > 1 { table.add(row("all", report.latencies)) }
        return [title("time taken")] + table.lines
    }

    private func row(_ name: String, _ latencies: Latencies) -> [String] {
        [name, Quantity.count(latencies.count)] + Self.percentiles.map { Quantity.duration(latencies.percentile($0.percent)) }
            + [Quantity.duration(latencies.longestNs)]
    }

    // MARK: Files and pages

    var fileLines: [String] {
        if report.files.isEmpty { return [] }
        var table = TextTable(heading: ["faults", "share", "major", "time in all", "file"], leftAligned: [4])
        for file in report.files.prefix(Self.placesShown) {
            table.add(
                [
                    Quantity.count(file.events), Quantity.share(file.events, of: report.summary.events), Quantity.count(file.major),
                    Quantity.duration(file.latencyNs), Self.safe(file.name),
                ])
        }
        let most = switch report.order {
        case .faults: "with the most faults"
        case .time: "that took the most time"
        case .major: "with the most major faults"
        }
        return [title("files " + most)] + table.lines
    }

    /// A page that faulted once is nothing to speak of.
    var pageLines: [String] {
        let pages = report.pages.prefix(Self.placesShown).filter { $0.events > 1 }
        if pages.isEmpty { return [] }
        var table = TextTable(heading: ["faults", "share", "page"], leftAligned: [2])
        for page in pages { table.add([Quantity.count(page.events), Quantity.share(page.events, of: report.summary.events), words(page)]) }
        let error = report.pageError == 0 ? "" : ", counts up to \(Quantity.count(report.pageError)) too low"
        return [title("pages with the most faults") + error] + table.lines
    }

    private func words(_ page: PageFaults) -> String {
        switch page.place {
        case .file(let name, let offset): Self.safe(name) + "+0x" + String(offset, radix: 16)
        case .memory(let pid, let address): "0x" + String(address, radix: 16) + " of process \(pid)" + processName(pid)
        }
    }

    private func processName(_ pid: UInt32) -> String {
        guard let faults = report.summary.statistics.processes().first(where: { $0.pid == pid }) else { return "" }
        let name = report.summary.process(faults)?.name ?? ""
        return name.isEmpty ? ", " + SafeText.escaped(faults.comm.bytes) : ", " + Self.safe(name)
    }
}
