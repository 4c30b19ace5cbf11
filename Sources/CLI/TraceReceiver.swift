import DeviceLink
import Recording
import TerminalView
import TraceModel
import WireProtocol

/// Drives one live trace: messages come off the link, and what they make worth asking goes back. Everything is recorded where that is wanted.
struct TraceReceiver: ~Copyable, Sendable {
    /// How long the end waits for the last names.
    private static let lastPatience = Duration.seconds(2)

    private var assembly: TraceAssembly<OutputError>
    private let stops: Stops
    private var recorder: Recorder?
    private var isStopping = false
    /// Between two sessions.
    private(set) var isInterrupted = false

    /// - Parameters:
    ///   - recorder: nil: the trace is not kept.
    ///   - stops: what ends the trace.
    init(_ assembly: TraceAssembly<OutputError>, recorder: consuming Recorder?, stops: Stops) {
        self.assembly = assembly
        self.recorder = recorder
        self.stops = stops
    }

    /// What is known of the trace; nil: it has not begun.
    var session: TraceSession? { assembly.session }

    var eventCount: UInt64 { assembly.eventCount }

    /// Whether the trace has begun and has fewer events than it is to have; nil: as many as there are.
    func isShort(of count: UInt64?) -> Bool { session != nil && eventCount < count ?? .max }

    /// Receives what one agent says, until it has said goodbye or something has gone wrong.
    ///
    /// - Returns: what ended it before its time.
    mutating func receive(_ messages: inout AgentMessages, from link: AgentLink) async -> LinkError? {
        do throws(LinkError) {
            while let (frame, message) = try await messages.nextFrame() {
                try take(frame, message)
                if assembly.sinkFailure != nil || recorder?.problem != nil { await stopOnce() }
                await askAll(link)
                guard case .bye(let bye)? = message else { continue }
                await awaitSymbols(&messages, link)
                return bye.reason == .signalled && !stops.areAsked ? .ended : nil
            }
            return session == nil ? .nobodyThere : .cut
        } catch {
            return error
        }
    }

    /// Nothing more comes.
    ///
    /// - Parameter failure: what ended the trace before its time.
    /// - Returns: what the trace came to, and what there is to say against it.
    /// - Throws: `failure` where no trace came about; `OutputError` where the output failed, unless its reader had merely seen enough.
    mutating func finish(_ failure: (any Error)?) throws -> (summary: TraceSummary, failure: (any Error)?) {
        recorder?.finish()
        guard let summary = assembly.finish() else { throw failure ?? LinkError.nobodyThere }
        if let error = assembly.sinkFailure, error != .closed { throw error }
        return (summary, recorder?.problem ?? failure ?? Self.incompleteness(of: summary))
    }

    /// What was bridged has been asked for, and is told.
    private static func incompleteness(of summary: TraceSummary) -> LinkError? {
        switch summary.cut {
        case nil, .interrupted?: nil
        case .noEnding?: .cut
        case .differs?, .notFollowed?: .incomplete
        }
    }

    /// What has been recorded; nil: nobody asked for it.
    var recorded: Recorded? { mutating get { recorder?.recorded } }

    // MARK: Several sessions

    /// The connection was lost: what has come is written, and the trace may go on with another agent.
    mutating func interrupt(_ reason: String) {
        isInterrupted = true
        guard let gap = assembly.interrupt(reason, wallClockNs: WallClock.nowNs) else { return }
        recorder?.interrupt(gap)
    }

    /// Another agent is there and will be asked for the rest of the trace.
    mutating func goOn(_ hello: Hello, _ start: Start) { recorder?.begin(hello, start) }

    private mutating func take(_ frame: RawFrame, _ message: AgentMessage?) throws(LinkError) {
        let now = ContinuousClock.now
        if let message { try understand(message, at: now) }
        recorder?.take(frame, message, at: now)
        switch message {
        case .started:
            if isInterrupted, let outage = assembly.lastOutage { Console.error("faultline: " + CutText.resumed(outage)) }
            isInterrupted = false
            stops.arm()
        case .round(let round): rotate(atNs: round.completeUntilNs, at: now)
        default: break
        }
    }

    /// What makes no sense is not recorded: nobody could read on behind it.
    private mutating func understand(_ message: AgentMessage, at now: ContinuousClock.Instant) throws(LinkError) {
        do throws(TraceViolation) {
            try assembly.take(message, at: now)
        } catch {
            throw LinkError(error)
        }
    }

    private mutating func rotate(atNs timeNs: UInt64, at now: ContinuousClock.Instant) {
        guard recorder?.wantsRotation(at: now) == true else { return }
        let (said, asked) = assembly.retold(atNs: timeNs)
        recorder?.rotate(said: said, asked: asked, wallClockNs: WallClock.nowNs, at: now)
    }

    /// Nobody takes the faults any more: they are only counted until the agent has ended the trace.
    private mutating func stopOnce() async {
        if isStopping { return }
        isStopping = true
        await stops.stop()
    }

    private mutating func askAll(_ link: AgentLink) async {
        for question in assembly.takeQuestions() {
            recorder?.take(question)
            try? await link.send(question)
        }
    }

    /// The agent goes on answering until it is told to stop; then it ends the stream. Names that do not come are left out, for the
    /// trace itself is complete.
    private mutating func awaitSymbols(_ messages: inout AgentMessages, _ link: AgentLink) async {
        let alarm = Task {
            try await Task.sleep(for: Self.lastPatience)
            try await link.send(.stop)
        }
        defer { alarm.cancel() }
        while assembly.awaitsSymbols, let (frame, message) = try? await messages.nextFrame() {
            recorder?.take(frame, message, at: .now)
            if let message { assembly.takeLast(message) }
            await askAll(link)
        }
    }
}

extension LinkError {
    /// What the agent did, as the link's user is told.
    init(_ violation: TraceViolation) {
        self = switch violation {
        case .refused(let error): .refused(error)
        case .malformed(let error): .violation(error)
        case .unexpected(let what): .unexpected(what)
        case .restarted: .restarted
        }
    }
}
