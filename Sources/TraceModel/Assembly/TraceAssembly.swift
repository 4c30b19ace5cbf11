import FaultModel
public import WireProtocol

/// Makes a trace of what an agent says, message by message: what it adds up to, its faults for a sink, and what to ask the agent for.
///
/// It neither reads nor waits: a live trace and the replay of a recording, a table and a page drive it alike.
/// Taking a batch allocates nothing unless something occurs for the first time.
public struct TraceAssembly<Failure: Error>: Sendable {
    private let hello: Hello
    private let sampleEvery: UInt32
    private let wantsSymbols: Bool
    private var output: OrderedOutput<Failure>
    private var rounds = HeldRounds()
    private var summary: TraceSummary?
    private var decoder = BatchDecoder()
    private var faults: [PageFault] = []
    /// nil: the trace has not begun.
    private var causes: CauseFinder?
    private var names = TraceNames()

    /// - Parameters:
    ///   - sampleEvery: what the filter asked for.
    ///   - wantsSymbols: whether to ask for functions' names.
    ///   - output: where the faults go.
    public init(hello: Hello, sampleEvery: UInt32 = 1, wantsSymbols: Bool, output: OrderedOutput<Failure>) {
        self.hello = hello
        self.sampleEvery = sampleEvery
        self.wantsSymbols = wantsSymbols
        self.output = output
    }

    // MARK: How things stand

    /// What is known since the trace began; nil: it has not.
    public var session: TraceSession? { summary?.session }

    /// The agent's last word; nil: it has not come.
    public var bye: Bye? { summary?.bye }

    /// Why the sink takes nothing any more; nil: it does.
    public var sinkFailure: Failure? { output.error }

    /// What the trace has come to until now, with the names of everything in it; nil: it has not begun. A view takes one as often as it draws:
    /// what has been added up is copied when the trace goes on.
    public mutating func snapshot() -> TraceSummary? {
        causes?.settle(&names)
        guard var summary else { return nil }
        summary.namelessFiles = names.namelessFiles
        summary.names = names
        return summary
    }

    // MARK: Messages

    /// Takes the next message.
    ///
    /// - Parameter now: how long lines have waited for names is reckoned by it.
    /// - Throws: `TraceViolation`, after which no message can be made sense of.
    public mutating func take(_ message: AgentMessage, at now: ContinuousClock.Instant) throws(TraceViolation) {
        switch message {
        case .started(let started): try begin(TraceSession(hello: hello, started: started, sampleEvery: sampleEvery))
        case .batch(let payload): try count(payload)
        case .round(let round):
            rounds.add(untilNs: round.completeUntilNs, asked: names.symbolsAsked, at: now)
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
        if let timeNs = rounds.takeDue(answered: names.symbolsAnswered, at: now) { output.release(untilNs: timeNs, names) }
    }

    private mutating func begin(_ session: TraceSession) throws(TraceViolation) {
        guard summary == nil else { throw .unexpected("a second start") }
        summary = TraceSummary(session: session)
        causes = CauseFinder(session.report.kernel.version)
        output.begin(session)
    }

    private mutating func count(_ payload: [UInt8]) throws(TraceViolation) {
        guard summary != nil else { throw .unexpected("events before the start") }
        faults.removeAll(keepingCapacity: true)
        do throws(WireError) {
            try decoder.decode(payload, into: &faults)
        } catch {
            throw .malformed(error)
        }
        causes?.explain(&faults, &names)
        names.addStacks(to: &faults, causes)
        for fault in faults { summary!.statistics.add(fault) }
        if wantsSymbols { names.wantSymbols(of: faults) }
        output.add(faults, names)
    }

    /// Hands the sink everything that waits, and the end.
    ///
    /// - Returns: what the trace came to; nil: it never began.
    public mutating func finish() -> TraceSummary? {
        guard let summary = snapshot() else { return nil }
        output.finish(summary, names)
        return summary
    }

    // MARK: Questions

    /// What the last message made worth asking the agent for; whoever cannot ask may ignore it.
    public mutating func takeQuestions() -> [HostMessage] {
        let unexplained = causes?.takeUnexplained() ?? []
        let symbols = wantsSymbols ? names.takeSymbolQuestions() : []
        if unexplained.isEmpty, symbols.isEmpty { return [] }
        return unexplained.map { .look(Look(pid: $0)) } + symbols.map { .symbolise($0) }
    }

    /// Whether names have been asked for that have not come.
    public var awaitsSymbols: Bool { names.symbolsAnswered < names.symbolsAsked }

    /// Takes a name that comes after the trace's end; any other message is late and no matter.
    public mutating func takeLast(_ message: AgentMessage) {
        if case .symbols(let answer) = message { names.note(answer) }
    }
}

/// What no agent says to a controller that it understands.
public enum TraceViolation: Error, Equatable, Sendable {
    /// The agent cannot go on, as it says.
    case refused(AgentError)
    case malformed(WireError)
    /// A message, in a few words, that does not belong where it came.
    case unexpected(String)
}
