import DeviceLink
import TraceModel
import WireProtocol

/// Drives one live trace: messages come off the link, and what they make worth asking goes back.
struct TraceReceiver {
    /// How long the end waits for the last names.
    private static let lastPatience = Duration.seconds(2)

    private var assembly: TraceAssembly<OutputError>
    private let stops: Stops
    private let ask: @Sendable (HostMessage) async -> Void
    private var isStopping = false

    /// - Parameters:
    ///   - stops: what ends the trace.
    ///   - ask: takes a question to the agent.
    init(_ assembly: TraceAssembly<OutputError>, stops: Stops, ask: @escaping @Sendable (HostMessage) async -> Void) {
        self.assembly = assembly
        self.stops = stops
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
            while assembly.bye == nil, let message = try await messages.next() {
                try take(message)
                if assembly.sinkFailure != nil { await stopOnce() }
                await askAll()
            }
            await awaitSymbols(&messages)
        } catch {
            guard assembly.session != nil else { throw error }
            failure = error
        }
        guard let summary = assembly.finish() else { throw LinkError.nobodyThere }
        if let cut = summary.cut { failure = failure ?? (cut == .noEnding ? .cut : .incomplete) }
        if let error = assembly.sinkFailure, error != .closed { throw error }
        return (summary, failure)
    }

    private mutating func take(_ message: AgentMessage) throws(LinkError) {
        do throws(TraceViolation) {
            try assembly.take(message, at: .now)
        } catch {
            throw LinkError(error)
        }
        if case .started = message { stops.arm() }
    }

    /// Nobody takes the faults any more: they are only counted until the agent has ended the trace.
    private mutating func stopOnce() async {
        if isStopping { return }
        isStopping = true
        await stops.stop()
    }

    private mutating func askAll() async {
        for question in assembly.takeQuestions() { await ask(question) }
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
        while assembly.awaitsSymbols, let message = try? await messages.next() {
            assembly.takeLast(message)
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
        }
    }
}
