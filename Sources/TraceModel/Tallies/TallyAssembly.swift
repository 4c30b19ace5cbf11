import FaultModel
public import WireProtocol

/// Adds up what an agent counts, or the faults that it tells where the kernel cannot count by what was asked for, message by message.
///
/// Like `TraceAssembly` it neither reads nor waits.
public struct TallyAssembly: Sendable {
    private let hello: Hello
    private let grouping: FaultGrouping
    private let weight: UInt64
    private let countsIntervals: Bool
    private var grouper: FaultGrouper
    private var total: TallySummary?
    /// What has been counted since the interval before; nil: nobody asked for intervals.
    private var part: TallySummary?
    private var cpuBefore = CPULedger()
    private var decoder = BatchDecoder()
    private var faults: [PageFault] = []

    /// - Parameters:
    ///   - weight: how many faults each one stands for.
    ///   - countsIntervals: whether to tell what each interval came to.
    public init(hello: Hello, grouping: FaultGrouping, weight: UInt64, countsIntervals: Bool) {
        self.hello = hello
        self.grouping = grouping
        self.weight = weight
        self.countsIntervals = countsIntervals
        grouper = FaultGrouper(grouping, kernel: hello.report.kernel.version)
    }

    /// Whether the counting has begun.
    public var hasBegun: Bool { total != nil }

    /// Whether the agent has said its last word.
    public var hasEnded: Bool { total?.bye != nil }

    /// Takes the next message.
    ///
    /// - Returns: what an interval came to, when it ends.
    /// - Throws: `TraceViolation`, after which no message can be made sense of.
    public mutating func take(_ message: AgentMessage) throws(TraceViolation) -> TallySummary? {
        switch message {
        case .started(let started): try begin(TraceSession(hello: hello, started: started))
        case .tally(let tally): try count(tally)
        case .batch(let payload): try count(payload)
        case .tallied(let tallied): return endInterval(tallied)
        case .lost(let gap): addLost(gap.count)
        case .cpuTimes(let news): total?.cpu.note(news)
        case .commandEnded(let ended): total?.command = ended
        case .stats(let stats): total?.agent = stats
        case .bye(let bye): total?.bye = bye
        case .error(let error): throw .refused(error)
        case .hello: throw .unexpected("a second hello")
        case .mappings, .mapped, .forked, .executed, .exited, .process: grouper.note(message)
        case .round, .stack, .symbols, .boot: break
        }
        return nil
    }

    /// The processes of which nothing was known where a fault fell, since the last call: to ask the agent for.
    public mutating func takeUnexplained() -> [UInt32] { grouper.takeUnexplained() }

    /// What everything came to; nil: it never began.
    public mutating func finish() -> TallySummary? {
        if total?.bye == nil { total?.cpu.breakOff() }
        return total
    }

    private mutating func begin(_ session: TraceSession) throws(TraceViolation) {
        guard total == nil else { throw .unexpected("a second start") }
        total = TallySummary(session: session, grouping: grouping, weight: weight, sinceNs: session.startNs)
        if countsIntervals { part = total }
    }

    // MARK: Counting

    private mutating func addLost(_ count: UInt64) {
        if let lost = total?.lost { total?.lost = lost.addingOrMax(count) }
        if let lost = part?.lost { part?.lost = lost.addingOrMax(count) }
    }

    private mutating func count(_ tally: Tally) throws(TraceViolation) {
        guard total != nil else { throw .unexpected("counts before the start") }
        grouper.settle()
        for row in tally.rows {
            let (id, name) = grouper.group(of: row)
            total!.tally.add(row, to: id, name: name)
            part?.tally.add(row, to: id, name: name)
            total!.received = total!.received.addingOrMax(row.count)
        }
    }

    private mutating func count(_ payload: [UInt8]) throws(TraceViolation) {
        guard total != nil else { throw .unexpected("events before the start") }
        faults.removeAll(keepingCapacity: true)
        do throws(WireError) {
            try decoder.decode(payload, into: &faults)
        } catch {
            throw .malformed(error)
        }
        grouper.explain(&faults)
        for fault in faults {
            let (id, name) = grouper.group(of: fault)
            total!.tally.add(fault, to: id, name: name)
            part?.tally.add(fault, to: id, name: name)
        }
        total!.received = total!.received.addingOrMax(UInt64(faults.count))
    }

    // MARK: Intervals

    private mutating func endInterval(_ tallied: Tallied) -> TallySummary? {
        total?.untilNs = tallied.timeNs
        guard var part, let total else { return nil }
        part.untilNs = tallied.timeNs
        part.cpu = total.cpu.since(cpuBefore)
        cpuBefore = total.cpu
        self.part = TallySummary(session: part.session, grouping: grouping, weight: weight, sinceNs: tallied.timeNs)
        return part
    }
}
