import DeviceLink
import FaultModel
import TraceModel
import WireProtocol

/// Receives counts, or faults where the kernel cannot count by what was asked for, and adds them up.
struct TallyReceiver {
    private let hello: Hello
    private let grouping: FaultGrouping
    private let weight: UInt64
    /// Takes what one interval came to; throws when nobody reads it any more.
    private let interval: (@Sendable (TallySummary) throws(OutputError) -> Void)?
    private var grouper: FaultGrouper
    private var total: TallySummary?
    /// What has been counted since the interval before; nil: nobody asked for intervals.
    private var part: TallySummary?
    private var cpuBefore = CPULedger()
    private var decoder = BatchDecoder()
    private var faults: [PageFault] = []

    init(
        hello: Hello, grouping: FaultGrouping, weight: UInt64,
        interval: (@Sendable (TallySummary) throws(OutputError) -> Void)?
    ) {
        self.hello = hello
        self.grouping = grouping
        self.weight = weight
        self.interval = interval
        grouper = FaultGrouper(grouping, kernel: hello.report.kernel.version)
    }

    /// Receives until the agent has said goodbye or something has gone wrong.
    ///
    /// - Parameters:
    ///   - look: asks the agent for a process's mappings.
    ///   - stops: what ends the trace.
    /// - Returns: what it came to, and what ended it before its time.
    /// - Throws: `LinkError` where no trace came about; `OutputError` where the output failed, unless its reader had seen enough.
    mutating func receive(
        _ messages: inout AgentMessages, look: (UInt32) async -> Void, stops: Stops
    ) async throws -> (summary: TallySummary, failure: LinkError?) {
        var failure: LinkError?
        var outputError: OutputError?
        do throws(LinkError) {
            while total?.bye == nil, let message = try await messages.next() {
                try take(message)
                if case .started = message { stops.arm() }
                for pid in grouper.takeUnexplained() { await look(pid) }
                guard case .tallied(let tallied) = message, outputError == nil else { continue }
                outputError = handOut(tallied)
                if outputError != nil { await stops.stop() }
            }
        } catch {
            guard total != nil else { throw error }
            failure = error
        }
        guard var total else { throw LinkError.nobodyThere }
        if total.bye == nil { total.cpu.breakOff() }
        if let cut = total.cut { failure = failure ?? (cut == .noEnding ? .cut : .incomplete) }
        if let outputError, outputError != .closed { throw outputError }
        return (total, failure)
    }

    private mutating func take(_ message: AgentMessage) throws(LinkError) {
        switch message {
        case .started(let started): try begin(TraceSession(hello: hello, started: started))
        case .tally(let tally): try count(tally)
        case .batch(let payload): try count(payload)
        case .lost(let gap):
            total?.lost += gap.count
            part?.lost += gap.count
        case .cpuTimes(let news): total?.cpu.note(news)
        case .commandEnded(let ended): total?.command = ended
        case .stats(let stats): total?.agent = stats
        case .bye(let bye): total?.bye = bye
        case .error(let error): throw .refused(error)
        case .hello: throw .unexpected("a second hello")
        case .mappings, .mapped, .forked, .executed, .exited, .process: grouper.note(message)
        case .tallied, .round, .stack, .symbols, .boot: break
        }
    }

    private mutating func begin(_ session: TraceSession) throws(LinkError) {
        guard total == nil else { throw .unexpected("a second start") }
        total = TallySummary(session: session, grouping: grouping, weight: weight, sinceNs: session.startNs)
        if interval != nil { part = total }
    }

    // MARK: Counting

    private mutating func count(_ tally: Tally) throws(LinkError) {
        guard total != nil else { throw .unexpected("counts before the start") }
        grouper.settle()
        for row in tally.rows {
            let (id, name) = grouper.group(of: row)
            total!.tally.add(row, to: id, name: name)
            part?.tally.add(row, to: id, name: name)
            total!.received = total!.received.addingOrMax(row.count)
        }
    }

    private mutating func count(_ payload: [UInt8]) throws(LinkError) {
        guard total != nil else { throw .unexpected("events before the start") }
        faults.removeAll(keepingCapacity: true)
        do throws(WireError) {
            try decoder.decode(payload, into: &faults)
        } catch {
            throw .violation(error)
        }
        grouper.explain(&faults)
        for fault in faults {
            let (id, name) = grouper.group(of: fault)
            total!.tally.add(fault, to: id, name: name)
            part?.tally.add(fault, to: id, name: name)
        }
        total!.received += UInt64(faults.count)
    }

    // MARK: Intervals

    /// Hands out what has come since the last interval. Returns why that failed.
    private mutating func handOut(_ tallied: Tallied) -> OutputError? {
        total?.untilNs = tallied.timeNs
        guard let interval, var part, let total else { return nil }
        part.untilNs = tallied.timeNs
        part.cpu = total.cpu.since(cpuBefore)
        cpuBefore = total.cpu
        self.part = TallySummary(session: part.session, grouping: grouping, weight: weight, sinceNs: tallied.timeNs)
        do throws(OutputError) {
            try interval(part)
        } catch {
            return error
        }
        return nil
    }
}
