import DeviceLink
import FaultModel
import TraceModel
import WireProtocol

/// Receives one trace: faults are counted and handed on to the output.
struct TraceReceiver {
    private let hello: Hello
    private let sampleEvery: UInt32
    private let stops: Stops
    private let look: @Sendable (UInt32) async -> Void
    /// nil: functions' names are not wanted.
    private let ask: (@Sendable (Symbolise) async -> Void)?
    private var rounds = HeldRounds()
    private var output: OrderedOutput
    private var summary: TraceSummary?
    private var decoder = BatchDecoder()
    private var faults: [PageFault] = []
    /// nil: the trace has not begun.
    private var causes: CauseFinder?
    private var names = TraceNames()
    private var isStopping = false

    /// - Parameters:
    ///   - sampleEvery: what the filter asked for.
    ///   - stops: what ends the trace.
    ///   - look: asks the agent for a process's mappings.
    ///   - ask: asks it for the names of functions; nil: they are not wanted.
    init(
        hello: Hello, sampleEvery: UInt32, output: OrderedOutput, stops: Stops,
        look: @escaping @Sendable (UInt32) async -> Void, ask: (@Sendable (Symbolise) async -> Void)?
    ) {
        self.hello = hello
        self.sampleEvery = sampleEvery
        self.output = output
        self.stops = stops
        self.look = look
        self.ask = ask
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
                await askForSymbols()
                releaseDue()
            }
            await awaitSymbols(&messages)
        } catch {
            guard summary != nil else { throw error }
            failure = error
        }
        causes?.settle(&names)
        guard var summary else { throw LinkError.nobodyThere }
        summary.namelessFiles = names.namelessFiles
        summary.names = names
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
        await stops.stop()
    }

    private mutating func take(_ message: AgentMessage) throws(LinkError) {
        switch message {
        case .started(let started): try begin(TraceSession(hello: hello, started: started, sampleEvery: sampleEvery))
        case .batch(let payload): try count(payload)
        case .round(let round):
            rounds.add(untilNs: round.completeUntilNs, asked: names.symbolsAsked, at: .now)
            causes?.note(message)
        case .lost(let gap):
            summary?.statistics.add(gap)
            output.add(gap)
        case .error(let error): throw .refused(error)
        case .hello: throw .unexpected("a second hello")
        case .stats, .commandEnded, .cpuTimes, .bye: summary?.note(message)
        case .process, .mappings, .mapped, .forked, .executed, .exited: causes?.note(message)
        case .stack(let stack): names.note(stack)
        case .symbols(let answer): names.note(answer)
        case .tally, .tallied: break
        }
    }

    private mutating func begin(_ session: TraceSession) throws(LinkError) {
        guard summary == nil else { throw .unexpected("a second start") }
        summary = TraceSummary(session: session)
        causes = CauseFinder(session.report.kernel.version)
        output.begin(session)
        stops.arm()
    }

    private mutating func count(_ payload: [UInt8]) throws(LinkError) {
        guard summary != nil else { throw .unexpected("events before the start") }
        faults.removeAll(keepingCapacity: true)
        do throws(WireError) {
            try decoder.decode(payload, into: &faults)
        } catch {
            throw .violation(error)
        }
        causes?.explain(&faults, &names)
        names.addStacks(to: &faults, causes)
        for fault in faults { summary!.statistics.add(fault) }
        if ask != nil { names.wantSymbols(of: faults) }
        output.add(faults, names)
    }
}

// MARK: - Functions' names

extension TraceReceiver {
    /// How long the end waits for the last names.
    private static let lastPatience = Duration.seconds(2)

    private mutating func askForSymbols() async {
        guard let ask else { return }
        for question in names.takeSymbolQuestions() { await ask(question) }
    }

    private mutating func releaseDue() {
        if let timeNs = rounds.takeDue(answered: names.symbolsAnswered, at: .now) { output.release(untilNs: timeNs, names) }
    }

    /// The agent goes on answering until it is told to stop; then it ends the stream. Names that do not come are left out, for the
    /// trace itself is complete.
    private mutating func awaitSymbols(_ messages: inout AgentMessages) async {
        let stop = stops.stop
        let alarm = Task {
            try await Task.sleep(for: Self.lastPatience)
            await stop()
        }
        defer { alarm.cancel() }
        while names.symbolsAnswered < names.symbolsAsked, let message = try? await messages.next() {
            if case .symbols(let answer) = message { names.note(answer) }
            await askForSymbols()
        }
    }
}
