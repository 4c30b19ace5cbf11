import FaultModel

extension LiveState {
    /// The rows of a table at the most, and of the heat map of mappings.
    private static let rowLimit = 100
    static let heatRowLimit = 24
    private static let newestShown = 40

    /// Adds up what a viewer looks at. What it takes depends on the number of bins and cells, which is bounded, and not on that of faults.
    func view(_ query: LiveQuery) -> LiveView {
        let window = TimeWindow(query, bins, beganNs: beganNs, nowNs: nowNs)
        let passes = query.passes
        var sums = SelectionSums(window)
        for place in window.bins { sums.add(bins.bins[place], column: window.column(of: place), self, query.process, passes) }
        let rows = sums.mappingRows(self, Self.rowLimit)
        return LiveView(
            connection: connection, session: session, beganNs: beganNs, nowNs: nowNs - min(beganNs, nowNs), events: events, lost: lost,
            gaps: gaps, outages: outages.map { $0.lowerBound - beganNs..<$0.upperBound - beganNs }, heldBack: heldBack, agent: agent, columns: window.columns, sum: sums.sum,
            byCause: sums.shares { FaultCause(rawValue: UInt8($0.cause)) }, byOutcome: sums.shares(\.traits.outcome),
            byAccess: sums.shares(\.traits.access), byMode: sums.shares(\.traits.mode), timeline: sums.timeline,
            lostOverTime: sums.lost, latency: sums.latency, processes: sums.processRows(self, Self.rowLimit),
            otherProcesses: sums.otherProcesses, threads: sums.threadRows(self, Self.rowLimit),
            mappings: withColumns(rows, window, query.process, passes), stacks: StackTree(self, sums.stacks, query.process).root,
            hasWholeStacks: stacks.hasWholeStacks, newest: newestRows(window, query.process, passes),
            process: query.process.flatMap { processes.list.indices.contains($0) ? processes.list[$0] : nil })
    }

    private func newestRows(_ window: TimeWindow, _ process: Int?, _ passes: [Bool]) -> [LiveView.NewestRow] {
        let entries = newest.newest(Self.newestShown) { entry in
            (process == nil || entry.process == process) && passes[Int(CellKey.Kind(entry.fault).bits)] && window.times.contains(entry.timeNs)
        }
        return entries.map { entry in
            LiveView.NewestRow(
                fault: entry.fault, timeNs: entry.timeNs - min(beganNs, entry.timeNs),
                process: processes.list.indices.contains(entry.process) ? processes.list[entry.process].name : entry.fault.thread.comm.text,
                mapping: mappings.list[entry.mapping],
                function: stacks.list[entry.stack].labels.first.map { stacks.labels[$0] } ?? "")
        }
    }

    /// The first rows over time: a second look at the bins, for only now it is known which they are.
    private func withColumns(_ rows: [SelectionSums.Mapping], _ window: TimeWindow, _ process: Int?, _ passes: [Bool]) -> [LiveView.MappingRow] {
        let shown = rows.prefix(Self.heatRowLimit).enumerated()
        let lines = Dictionary(uniqueKeysWithValues: shown.map { ($1.key, $0) })
        var columns = [[UInt64]](repeating: [UInt64](repeating: 0, count: window.columns.count), count: lines.count)
        for place in window.bins {
            for cell in bins.bins[place].mappings.cells where passes[Int(cell.key.kind.bits)] {
                guard process == nil || PairedSubject.process(cell.key.subject) == process else { continue }
                guard let line = lines[SelectionSums.Mapping.key(cell.key)] else { continue }
                columns[line][window.column(of: place)] += cell.events
            }
        }
        return rows.enumerated().map { place, row in
            LiveView.MappingRow(
                name: row.isOthers ? "others" : mappings.list[row.mapping], region: row.region, sum: row.sum,
                columns: place < columns.count ? columns[place] : [])
        }
    }
}

/// Which bins a viewer looks at, and into how many columns they go.
struct TimeWindow {
    let bins: Range<Int>
    let columns: LiveView.Columns
    /// By the model's own time.
    let times: Range<UInt64>
    private let group: Int

    init(_ query: LiveQuery, _ all: TimeBins, beganNs: UInt64, nowNs: UInt64) {
        var (from, until) = (all.startNs, max(all.endNs, all.startNs + 1))
        if let range = query.range {
            (from, until) = (beganNs &+ range.lowerBound, beganNs &+ range.upperBound)
        } else if let lastNs = query.lastNs {
            from = max(from, nowNs - min(lastNs, nowNs))
        }
        let first = min(all.bins.count, Int((max(from, all.startNs) - all.startNs) / all.widthNs))
        let last = min(all.bins.count, Int((max(until, all.startNs) - all.startNs).roundedUp(by: all.widthNs)))
        bins = first..<max(first, last)
        group = max(1, (bins.count + LiveQuery.columnLimit - 1) / LiveQuery.columnLimit)
        let startNs = all.startNs + UInt64(first) * all.widthNs
        times = startNs..<max(startNs, startNs + UInt64(bins.count) * all.widthNs)
        columns = LiveView.Columns(
            startNs: startNs - min(beganNs, startNs), widthNs: all.widthNs * UInt64(group), count: (bins.count + group - 1) / group)
    }

    func column(of bin: Int) -> Int { (bin - bins.lowerBound) / group }
}

extension UInt64 {
    fileprivate func roundedUp(by unit: UInt64) -> UInt64 { self / unit + (self % unit == 0 ? 0 : 1) }
}
