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
    /// Asks the agent for the end; a link that is cut has ended anyway.
    let stop: @Sendable () async -> Void
    private let work: (@Sendable () async throws -> Void)?
    private let timer = Mutex<Task<Void, Never>?>(nil)

    convenience init(_ link: AgentLink, duration: Duration?) {
        let pause: (@Sendable () async throws -> Void)? = if let duration { { try await Task.sleep(for: duration) } } else { nil }
        self.init(link, after: pause)
    }

    /// - Parameter work: begins with the trace, which ends when it returns; nil: the trace goes on.
    init(_ link: AgentLink, after work: (@Sendable () async throws -> Void)?) {
        stop = { try? await link.send(.stop) }
        self.work = work
    }

    /// The trace has begun, and its time with it: an agent takes a while to load its programs.
    func arm() {
        guard let work else { return }
        timer.withLock { timer in
            timer = Task { [stop] in
                guard (try? await work()) != nil else { return }
                await stop()
            }
        }
    }

    func disarm() { timer.withLock { $0?.cancel() } }
}
