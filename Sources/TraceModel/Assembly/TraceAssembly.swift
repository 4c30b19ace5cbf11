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
    private var decoder: BatchDecoder
    private var faults: [PageFault] = []
    /// nil: the trace has not begun.
    private var causes: CauseFinder?
    private var names = TraceNames()
    private var thread = SessionThread()
    private var sessionStartNs: UInt64 = 0

    /// - Parameters:
    ///   - sampleEvery: what the filter asked for.
    ///   - wantsSymbols: whether to ask for functions' names.
    ///   - isContinuation: whether the trace began before the first message, as in a recording's second file.
    ///   - output: where the faults go.
    public init(
        hello: Hello, sampleEvery: UInt32 = 1, wantsSymbols: Bool, isContinuation: Bool = false, output: OrderedOutput<Failure>
    ) {
        self.hello = hello
        self.sampleEvery = sampleEvery
        self.wantsSymbols = wantsSymbols
        self.output = output
        decoder = BatchDecoder(isContinuation: isContinuation)
        thread.isContinuation = isContinuation
    }

    // MARK: How things stand

    /// What is known since the trace began; nil: it has not.
    public var session: TraceSession? { summary?.session }

    /// The agent's last word; nil: it has not come.
    public var bye: Bye? { summary?.bye }

    /// The last time that nothing is known of; nil: there was none.
    public var lastOutage: Outage? { summary?.outages.last }

    /// Faults received.
    public var eventCount: UInt64 { summary?.events ?? 0 }

    /// Why the sink takes nothing any more; nil: it does.
    public var sinkFailure: Failure? { output.error }

    /// What the trace has come to until now, with the names of everything in it; nil: it has not begun. A view takes one as often as it draws:
    /// what has been added up is copied when the trace goes on.
    public mutating func snapshot() -> TraceSummary? {
        causes?.settle(&names)
        guard var summary else { return nil }
        summary.namelessFiles = names.namelessFiles
        summary.names = names
        if let before = thread.cpuBefore { summary.cpu = summary.cpu.since(before) }
        return summary
    }

    // MARK: Messages

    /// Takes the next message.
    ///
    /// - Parameter now: how long lines have waited for names is reckoned by it.
    /// - Throws: `TraceViolation`, after which no message can be made sense of.
    public mutating func take(_ message: AgentMessage, at now: ContinuousClock.Instant) throws(TraceViolation) {
        switch message {
        case .started(let started): try begin(started)
        case .batch(let payload): try count(payload)
        case .round(let round):
            rounds.add(untilNs: round.completeUntilNs, asked: names.symbolsAsked, at: now)
            causes?.note(message)
        case .lost(let gap):
            summary?.statistics.add(gap)
            output.add(gap)
        case .error(let error): throw .refused(error)
        case .hello: if thread.interruption == nil { throw .unexpected("a second hello") }
        case .bye(let bye): summary?.bye = thread.whole(bye)
        case .cpuTimes(let times):
            summary?.cpu.note(thread.whole(times))
            output.note(times)
        case .stats(let stats): summary?.agent = thread.whole(stats)
        case .commandEnded: summary?.note(message)
        case .process, .mappings, .mapped, .forked, .executed, .exited: causes?.note(message)
        case .stack(let stack): names.note(stack)
        case .symbols(let answer): note(answer)
        case .boot(let boot): if !thread.take(boot) { throw .restarted }
        case .tally, .tallied: break
        }
        if let timeNs = rounds.takeDue(answered: names.symbolsAnswered, at: now) { output.release(untilNs: timeNs, names) }
    }

    private mutating func begin(_ started: Started) throws(TraceViolation) {
        if let gap = thread.interruption { return try resume(started, after: gap) }
        guard summary == nil else { throw .unexpected("a second start") }
        let session = TraceSession(hello: hello, started: started, sampleEvery: sampleEvery)
        summary = TraceSummary(session: session)
        sessionStartNs = session.startNs
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
        summary?.statistics.add(faults[...])
        if wantsSymbols { names.wantSymbols(of: faults) }
        output.add(faults, names)
    }

    /// Hands the sink everything that waits, and the end.
    ///
    /// - Returns: what the trace came to; nil: it never began.
    public mutating func finish() -> TraceSummary? {
        guard var summary = snapshot() else { return nil }
        if summary.bye == nil { summary.cpu.breakOff() }
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
        if case .symbols(let answer) = message { note(answer) }
    }

    /// Takes a question that was asked when this was recorded: its answer follows.
    public mutating func take(asked question: HostMessage) {
        guard case .symbolise(let question) = question, let file = number(of: question.file, question.identity) else { return }
        names.symbols.note(question, about: file)
    }

    /// Answers to what was asked before a recording's file began are taken as they are.
    private mutating func note(_ answer: Symbols) {
        guard !names.note(answer), let file = number(of: answer.file, answer.identity) else { return }
        names.symbols.tell(answer, about: file)
    }

    private mutating func number(of name: String, _ identity: FileIdentity) -> UInt32? {
        causes?.number(of: MappedFile(name: name, identity: identity), &names)
    }
}

// MARK: - Sessions and files

extension TraceAssembly {
    /// The connection was lost: what has come goes out. The same trace goes on with the hello and the start of another session of the same
    /// device, which has not been switched off in between.
    public mutating func interrupt(_ reason: String, wallClockNs: UInt64) -> Interruption? {
        guard let summary else { return nil }
        let endNs = summary.bye.map { summary.session.startNs.addingOrMax($0.durationNs) }
        let sinceNs = max(endNs ?? 0, causes?.spaces.completeUntilNs ?? 0, sessionStartNs)
        let gap = Interruption(reason: reason, sinceNs: sinceNs, wallClockNs: wallClockNs)
        interrupt(gap)
        return gap
    }

    /// The same as it was recorded.
    public mutating func interrupt(_ gap: Interruption) {
        guard let summary else { return }
        causes?.settle(&names)
        output.releaseAll(names)
        rounds = HeldRounds()
        thread.interrupt(gap, summary)
        self.summary?.cpu.breakOff()
    }

    private mutating func resume(_ started: Started, after gap: Interruption) throws(TraceViolation) {
        guard started.timeNs >= gap.sinceNs else { throw .restarted }
        guard started.source == session?.source, started.columns == session?.columns else { throw .unexpected("a start with other columns") }
        let outage = Outage(reason: gap.reason, sinceNs: gap.sinceNs, untilNs: started.timeNs)
        output.interrupt(outage)
        forgetNumbers()
        thread.resume(atNs: started.timeNs)
        sessionStartNs = started.timeNs
        summary?.outages.append(outage)
        summary?.bye = nil
    }

    /// Another agent tells of processes, stacks and names anew, by numbers of its own.
    private mutating func forgetNumbers() {
        causes?.forgetProcesses()
        names.stacks.forgetNumbers()
        names.symbols.forgetQuestions()
        decoder = BatchDecoder()
    }

    /// What has been told and still holds, as if it were told at a time: with it the trace can be understood from there on.
    public mutating func retold(atNs timeNs: UInt64) -> (said: [AgentMessage], asked: [HostMessage]) {
        causes?.settle(&names)
        guard let causes, let summary else { return ([], []) }
        let said =
            [.boot(thread.boot)] + causes.retold(names, atNs: timeNs) + names.stacks.retold.map { .stack($0) } + names.retoldSymbols.map { .symbols($0) }
            + [.cpuTimes(summary.cpu.retold(atNs: timeNs))]
        return (said, names.symbols.openQuestions.map { .symbolise($0) })
    }
}
