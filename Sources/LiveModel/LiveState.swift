import FaultModel
import TraceModel
import WireProtocol

/// What a running trace adds up to, in bounded memory. Taking a fault allocates nothing unless something of it is new.
///
/// Its time is the device's wall clock in nanoseconds, so that it goes on when the device comes back after a restart.
struct LiveState: Sendable {
    /// How often names of functions are looked for again, in the trace's own time.
    private static let nameIntervalNs: UInt64 = 250_000_000
    private static let outageLimit = 1024
    /// Later times are this one, in the year 2116: a device may tell any, and bins have to be added to them.
    private static let latestNs: UInt64 = 1 << 62

    var bins: TimeBins
    var processes = ProcessSlots()
    var threads = ThreadSlots()
    var mappings = MappingNames()
    var stacks = StackSlots()
    var newest = NewestFaults()
    var metrics = MetricCounters()
    var connection = LiveConnection.waiting(reason: "")
    var session: TraceSession?
    /// Since the first session began.
    var events: UInt64 = 0
    var lost: UInt64 = 0
    var gaps: UInt64 = 0
    /// Of which times nothing is known; the first ones.
    private(set) var outages: [Range<UInt64>] = []
    var heldBack: UInt64 = 0
    /// How often a device came.
    var sessions: UInt64 = 0
    /// The agent's own cost, in its former sessions and in this one.
    var formerAgents = Stats(cpuTimeNs: 0, residentBytes: 0, events: 0, bytesSent: 0)
    var agent: Stats?
    var beganNs: UInt64 = 0
    var nowNs: UInt64 = 0
    private var clockOffset: UInt64 = 0
    private var namesDueNs: UInt64 = 0

    init(binNs: UInt64) { bins = TimeBins(widthNs: binNs) }

    /// Our time of a device's.
    @inline(__always)
    private func time(_ deviceNs: UInt64) -> UInt64 { min(deviceNs &+ clockOffset, Self.latestNs) }

    // MARK: The trace

    mutating func begin(_ session: TraceSession) {
        if sessions > 0 { forgetNumbers() }
        self.session = session
        sessions += 1
        clockOffset = session.wallClockNs &- session.startNs
        if beganNs == 0 { beganNs = time(session.startNs) }
        pass(session.startNs)
        connection = .live
    }

    private mutating func forgetNumbers() {
        processes.forgetNumbers()
        threads.forgetNumbers()
        mappings.forgetNumbers()
        stacks.forgetNumbers()
        if let agent { formerAgents.add(agent) }
        agent = nil
    }

    mutating func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) {
        newest.begin(batchOf: faults.count)
        for fault in faults { add(fault, names) }
    }

    /// So much time has passed, with faults or without.
    mutating func reached(_ timeNs: UInt64, _ names: TraceNames) {
        pass(timeNs)
        guard nowNs >= namesDueNs else { return }
        namesDueNs = nowNs + Self.nameIntervalNs
        stacks.findNames(names)
    }

    @inline(__always)
    private mutating func add(_ fault: PageFault, _ names: TraceNames) {
        let (process, isNew) = processes.place(of: fault, names)
        if isNew { metrics.name(process, processes.list[process].seriesName) }
        let thread = threads.place(of: fault.thread, process: process)
        let mapping = mappings.number(of: fault.place, names)
        let kind = CellKey.Kind(fault)
        let latencyNs = fault.latencyNs ?? 0
        let timeNs = time(fault.timeNs)
        let bin = bins.place(of: timeNs)
        let stack = bins.bins[bin].stacks.isFull ? stacks.filePlace(of: fault.code, names) : stacks.place(of: fault, names)
        bins.update(bin) { bin in
            bin.processes.add(CellKey(kind, detail: LatencyStep.of(fault.latencyNs), subject: process), latencyNs: latencyNs)
            let place = PairedSubject.of(process: process, mapping)
            bin.mappings.add(CellKey(kind, detail: Int(fault.place.region.rawValue), subject: place), latencyNs: latencyNs)
            bin.threads.add(CellKey(kind, subject: thread), latencyNs: latencyNs)
            bin.stacks.add(CellKey(kind, subject: PairedSubject.of(process: process, stack)), latencyNs: latencyNs)
        }
        if metrics.add(kind, process: process, latencyNs: fault.latencyNs) { metrics.consider(process, processes.list[process].seriesName) }
        events &+= 1
        if timeNs > nowNs { nowNs = timeNs }
        guard newest.wantsNext() else { return }
        newest.add(
            NewestFaults.Entry(fault: fault, timeNs: timeNs, process: process, thread: thread, stack: stack, mapping: mapping))
    }

    mutating func add(_ gap: Lost) {
        lost &+= gap.count
        gaps += 1
        bins.update(bins.place(of: max(time(gap.firstNs), beganNs))) { $0.lost &+= gap.count }
    }

    mutating func add(_ outage: Outage) {
        pass(outage.untilNs)
        guard outages.count < Self.outageLimit else { return }
        outages.append(max(beganNs, min(time(outage.sinceNs), time(outage.untilNs)))..<max(beganNs, time(outage.untilNs)))
    }

    mutating func finish(_ summary: TraceSummary) {
        stacks.findNames(summary.names, all: true)
        if let agent = summary.agent { self.agent = agent }
        heldBack &+= summary.heldBack
        // The agent may have counted losses of which no gap tells.
        lost &+= summary.lost - summary.statistics.losses.total
        pass(summary.session.startNs.addingOrMax(summary.durationNs))
    }

    private mutating func pass(_ deviceNs: UInt64) {
        let timeNs = time(deviceNs)
        nowNs = max(nowNs, timeNs)
        bins.reach(nowNs)
    }
}

extension LiveProcess {
    /// What monitoring knows it by.
    var seriesName: String { package.isEmpty ? name : package }
}

extension Stats {
    fileprivate mutating func add(_ other: Stats) {
        cpuTimeNs = cpuTimeNs.addingOrMax(other.cpuTimeNs)
        events = events.addingOrMax(other.events)
        bytesSent = bytesSent.addingOrMax(other.bytesSent)
    }
}
