import DeviceLink
import Recording
import TraceModel
import WireProtocol

/// Drives one live trace: messages come off the link, and what they make worth asking goes back. Everything is recorded where that is wanted.
struct TraceReceiver: ~Copyable {
    /// How long the end waits for the last names.
    private static let lastPatience = Duration.seconds(2)

    private var assembly: TraceAssembly<OutputError>
    private let stops: Stops
    private let ask: @Sendable (HostMessage) async -> Void
    private var recorder: Recorder?
    private var isStopping = false

    /// - Parameters:
    ///   - recorder: nil: the trace is not kept.
    ///   - stops: what ends the trace.
    ///   - ask: takes a question to the agent.
    init(
        _ assembly: TraceAssembly<OutputError>, recorder: consuming Recorder?, stops: Stops,
        ask: @escaping @Sendable (HostMessage) async -> Void
    ) {
        self.assembly = assembly
        self.recorder = recorder
        self.stops = stops
        self.ask = ask
    }

    /// Receives until the agent has said goodbye or something has gone wrong.
    ///
    /// - Returns: what the trace came to, and what ended it before its time.
    /// - Throws: `LinkError` where no trace came about; `OutputError` where the output failed, unless its reader had
    ///   merely seen enough.
    mutating func receive(_ messages: inout AgentMessages) async throws -> (summary: TraceSummary, failure: (any Error)?) {
        var failure: LinkError?
        do throws(LinkError) {
            while assembly.bye == nil, let (frame, message) = try await messages.nextFrame() {
                try take(frame, message)
                if assembly.sinkFailure != nil || recorder?.problem != nil { await stopOnce() }
                await askAll()
            }
            await awaitSymbols(&messages)
        } catch {
            guard assembly.session != nil else { throw error }
            failure = error
        }
        recorder?.finish()
        guard let summary = assembly.finish() else { throw LinkError.nobodyThere }
        if let cut = summary.cut { failure = failure ?? (cut == .noEnding ? .cut : .incomplete) }
        if let error = assembly.sinkFailure, error != .closed { throw error }
        return (summary, recorder?.problem ?? failure)
    }

    /// What has been recorded; nil: nobody asked for it.
    var recorded: Recorded? { mutating get { recorder?.recorded } }

    private mutating func take(_ frame: RawFrame, _ message: AgentMessage?) throws(LinkError) {
        let now = ContinuousClock.now
        recorder?.take(frame, message, at: now)
        guard let message else { return }
        do throws(TraceViolation) {
            try assembly.take(message, at: now)
        } catch {
            throw LinkError(error)
        }
        switch message {
        case .started: stops.arm()
        case .round(let round): rotate(atNs: round.completeUntilNs, at: now)
        default: break
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

    private mutating func askAll() async {
        for question in assembly.takeQuestions() {
            recorder?.take(question)
            await ask(question)
        }
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
        while assembly.awaitsSymbols, let (frame, message) = try? await messages.nextFrame() {
            recorder?.take(frame, message, at: .now)
            if let message { assembly.takeLast(message) }
            await askAll()
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
