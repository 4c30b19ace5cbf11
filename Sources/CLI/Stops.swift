import ArgumentParser
import DeviceLink
import Synchronization
import UnixSignals
import WireProtocol

/// Ctrl-C and SIGTERM, caught from the first moment on. The first ends the trace in order, and where there is no trace yet it
/// cancels the command, which cleans up what it has begun elsewhere; the second ends the program in any case.
final class Interrupts: Sendable {
    private let wasInterrupted = Mutex(false)
    private let orderlyEnd = Mutex<(@Sendable () async -> Void)?>(nil)

    /// From here on a signal is ours.
    func trap() async {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        Task {
            for await _ in signals { await interrupt() }
        }
    }

    /// Does what a signal does.
    func interrupt() async {
        let isSecond = wasInterrupted.withLock { before in
            defer { before = true }
            return before
        }
        if isSecond { Faultline.exit(withError: ExitStatus.interrupted.code) }
        if let end = orderlyEnd.withLock({ $0.take() }) { await end() } else { Faultline.running.cancel() }
    }

    /// What the first signal does.
    func onFirst(_ end: @escaping @Sendable () async -> Void) { orderlyEnd.withLock { $0 = end } }
}

/// The ways in which we end a trace: the time is up, a signal, or the output has failed. The agent then says goodbye.
final class Stops: Sendable {
    private struct State {
        var areAsked = false
        var end: (@Sendable () async -> Void)?
        var timer: Task<Void, Never>?
    }

    private let work: (@Sendable () async throws -> Void)?
    private let state = Mutex(State())

    convenience init(_ link: AgentLink, duration: Duration?) {
        self.init(duration: duration)
        reached(link)
    }

    /// - Parameter duration: nil: the trace goes on.
    convenience init(duration: Duration?) {
        let pause: (@Sendable () async throws -> Void)? = if let duration { { try await Task.sleep(for: duration) } } else { nil }
        self.init(after: pause)
    }

    /// - Parameter work: begins with the trace, which ends when it returns; nil: the trace goes on.
    init(after work: (@Sendable () async throws -> Void)?) { self.work = work }

    /// From here on the end is asked of this agent; a link that is cut has ended anyway.
    func reached(_ link: AgentLink) { become { try? await link.send(.stop) } }

    /// From here on this is how the trace is ended.
    func become(_ end: @escaping @Sendable () async -> Void) {
        let isDue = state.withLock { state in
            state.end = end
            return state.areAsked
        }
        if isDue { Task { await end() } }
    }

    /// Whether the end has been asked for.
    var areAsked: Bool { state.withLock(\.areAsked) }

    /// Asks for the end.
    @Sendable func stop() async {
        let end = state.withLock { state in
            state.areAsked = true
            return state.end
        }
        await end?()
    }

    /// The trace has begun, and its time with it: an agent takes a while to load its programs. What has begun goes on when the trace does.
    func arm() {
        guard let work else { return }
        state.withLock { state in
            guard state.timer == nil else { return }
            state.timer = Task { [weak self] in
                guard (try? await work()) != nil else { return }
                await self?.stop()
            }
        }
    }

    func disarm() { state.withLock { $0.timer?.cancel() } }
}
