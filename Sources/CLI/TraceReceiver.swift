import DeviceLink
import FaultModel
import TraceModel
import WireProtocol

/// Receives one trace: faults are counted and handed on to the output.
struct TraceReceiver {
    private let hello: Hello
    private let stop: @Sendable () async -> Void
    private let look: @Sendable (UInt32) async -> Void
    private var output: OrderedOutput
    private var summary: TraceSummary?
    private var decoder = BatchDecoder()
    private var faults: [PageFault] = []
    /// nil: this trace does not tell enough for causes.
    private var causes: CauseFinder?
    private let names = TraceNames()
    private var isStopping = false

    /// - Parameters:
    ///   - stop: asks the agent for the end.
    ///   - look: asks it for a process's mappings.
    init(
        hello: Hello, output: OrderedOutput, stop: @escaping @Sendable () async -> Void,
        look: @escaping @Sendable (UInt32) async -> Void
    ) {
        self.hello = hello
        self.output = output
        self.stop = stop
        self.look = look
    }

    /// Receives until the agent has said goodbye or something has gone wrong.
    ///
    /// - Returns: what the trace came to, and what ended it before its time.
    /// - Throws: `LinkError` where no trace came about; `OutputError` where the output failed, unless its reader had
    ///   merely seen enough.
    mutating func receive(_ messages: inout AgentMessages) async throws -> (summary: TraceSummary, failure: LinkError?) {
        var failure: LinkError?
        do throws(LinkError) {
            while summary?.bye == nil, let message = try await messages.next() {
                try take(message)
                if output.error != nil { await stopOnce() }
                for pid in takeUnexplained() { await look(pid) }
            }
        } catch {
            guard summary != nil else { throw error }
            failure = error
        }
        guard let summary else { throw LinkError.nobodyThere }
        if let cut = summary.cut { failure = failure ?? (cut == .noEnding ? .cut : .incomplete) }
        output.finish(summary, names)
        if let error = output.error, error != .closed { throw error }
        return (summary, failure)
    }

    /// The processes whose mappings the last message was about and that have others than we know.
    private mutating func takeUnexplained() -> [UInt32] { causes?.takeUnexplained() ?? [] }

    /// Nobody takes the faults any more: they are only counted until the agent has ended the trace.
    private mutating func stopOnce() async {
        if isStopping { return }
        isStopping = true
        await stop()
    }

    private mutating func take(_ message: AgentMessage) throws(LinkError) {
        switch message {
        case .started(let started): try begin(TraceSession(hello: hello, started: started))
        case .batch(let payload): try count(payload)
        case .round(let round): output.release(untilNs: round.completeUntilNs, names)
        case .lost(let gap):
            summary?.statistics.add(gap)
            output.add(gap)
        case .error(let error): throw .refused(error)
        case .hello: throw .unexpected("a second hello")
        case .stats, .commandEnded, .cpuTimes, .bye: summary?.note(message)
        case .mappings, .mapped, .forked, .executed, .exited: causes?.note(message)
        case .process, .stack, .symbols, .tally, .tallied: break
        }
    }

    private mutating func begin(_ session: TraceSession) throws(LinkError) {
        guard summary == nil else { throw .unexpected("a second start") }
        summary = TraceSummary(session: session)
        if session.columns.contains(.cause) { causes = CauseFinder(session.report.kernel.version) }
        output.begin(session)
    }

    private mutating func count(_ payload: [UInt8]) throws(LinkError) {
        guard summary != nil else { throw .unexpected("events before the start") }
        faults.removeAll(keepingCapacity: true)
        do throws(WireError) {
            try decoder.decode(payload, into: &faults)
        } catch {
            throw .violation(error)
        }
        causes?.explain(&faults)
        for fault in faults { summary!.statistics.add(fault) }
        output.add(faults, names)
    }
}
