import DeviceLink
import Recording
import Synchronization
import TerminalView
import TraceModel
import WireProtocol

/// One trace over as many connections as it takes.
final class LastingTrace: Sendable {
    private static let pauses = Backoff(first: .milliseconds(250), longest: .seconds(5))

    private let command: TraceCommand
    private let interrupts: Interrupts
    private let device: RecordedTarget
    private let stops: Stops
    /// nil: no agent has said hello, or the receiver is at work.
    private let receiver = Mutex<TraceReceiver?>(nil)

    init(_ command: TraceCommand, _ interrupts: Interrupts) {
        self.command = command
        self.interrupts = interrupts
        device = RecordedTarget(command.target)
        stops = Stops(duration: command.duration)
    }

    /// Traces to the end.
    ///
    /// - Throws: why no trace came about, or `OutputError`.
    func run() async throws -> (summary: TraceSummary, failure: (any Error)?, recorded: Recorded?) {
        defer { stops.disarm() }
        let lost = await trace()
        guard var receiver = receiver.withLock({ $0.take() }) else { throw lost ?? LinkError.nobodyThere }
        let (summary, failure) = try receiver.finish(lost)
        return (summary, failure, receiver.recorded)
    }

    /// - Returns: what ended the trace before its time; nil: it ended in order.
    private func trace() async -> (any Error)? {
        var (pauses, deadline) = (Self.pauses, ContinuousClock.now)
        var problem = await connect()
        while let lost = problem, let patience = command.reconnect, await mayGoOn(after: lost) {
            if interrupt(lost, patience) { (pauses, deadline) = (Self.pauses, .now + patience) }
            let left = deadline - .now
            if left <= .zero { return lost }
            problem = await tryAgain(after: min(pauses.next(), left), instead: lost)
        }
        if problem as? LinkError == .ended, command.reconnect == nil || stops.areAsked { return nil }
        return problem
    }

    private func mayGoOn(after problem: any Error) async -> Bool {
        // A Ctrl-C in the terminal reaches an agent of ours, too, whose last word may be here before the signal.
        if problem as? LinkError == .ended { try? await Task.sleep(for: .milliseconds(250)) }
        let mayHelp = (problem as? LinkError)?.maySoonBeOver ?? (problem as? DeviceError)?.maySoonBeOver ?? false
        let wantsMore = receiver.withLock { [count = command.count] receiver in receiver?.isShort(of: count) ?? false }
        return mayHelp && wantsMore && !stops.areAsked
    }

    /// - Returns: false where the trace had been interrupted before.
    private func interrupt(_ problem: any Error, _ patience: Duration) -> Bool {
        let isNews = receiver.withLock { receiver in
            guard receiver?.isInterrupted == false else { return false }
            receiver?.interrupt(Self.reason(problem))
            return true
        }
        if isNews { Console.error("faultline: " + CutText.waiting(Self.reason(problem), patience)) }
        return isNews
    }

    /// What happened, without the advice for those who do not wait.
    private static func reason(_ problem: any Error) -> String {
        if case LinkError.cut = problem { return "the connection to the agent was cut" }
        return String("\(problem)".prefix { $0 != ";" })
    }

    // MARK: One connection

    /// - Parameter problem: what is left of it when the end is asked for meanwhile.
    private func tryAgain(after pause: Duration, instead problem: any Error) async -> (any Error)? {
        let attempt = Task {
            try await Task.sleep(for: pause)
            return await connect()
        }
        stops.become { attempt.cancel() }
        let outcome = await attempt.result
        guard case .success(let next) = outcome, !(next is CancellationError) else { return problem }
        return next
    }

    /// - Returns: what ended it before its time.
    private func connect() async -> (any Error)? {
        do {
            // What is recorded has the preflight's checks with it; nobody else looks at them.
            return try await target.withAgent(wantsChecks: command.recording.output != nil, reached: device.reached) { [self] link, messages in
                try await converse(link, &messages)
            }
        } catch {
            return error
        }
    }

    /// The one that was reached at first: another that is attached meanwhile is not meant.
    private var target: TargetOptions {
        var target = command.target
        if case .device = target.target, !device.device.serial.isEmpty { target.device.serials = [device.device.serial] }
        return target
    }

    private func converse(_ link: AgentLink, _ messages: inout AgentMessages) async throws -> LinkError? {
        var start = command.start
        var receiver = try receiver(for: link, &start)
        stops.reached(link)
        interrupts.onFirst(stops.stop)
        try? await link.send(.start(start))
        let problem = await receiver.receive(&messages, from: link)
        var kept: TraceReceiver? = receiver
        self.receiver.withLock { swap(&$0, &kept) }
        return problem
    }

    /// The trace's receiver; a new one where it begins.
    ///
    /// - Parameter start: becomes what is left to ask for.
    private func receiver(for link: AgentLink, _ start: inout Start) throws -> TraceReceiver {
        guard var receiver = receiver.withLock({ $0.take() }) else {
            let recorder = try command.recording.recorder(of: device.device, link.hello, start)
            return TraceReceiver(command.assembly(link.hello), recorder: recorder, stops: stops)
        }
        if let session = receiver.session { start.goOn(session, after: receiver.eventCount) }
        receiver.goOn(link.hello, start)
        return receiver
    }
}

extension Start {
    /// The rest of a trace, told in the same way as its beginning.
    fileprivate mutating func goOn(_ session: TraceSession, after events: UInt64) {
        (source, transport) = (session.source, session.transport)
        if eventLimit > events { eventLimit -= events }
    }
}
