import ArgumentParser
import DeviceLink
import UnixSignals
import WireProtocol

/// Ctrl-C and SIGTERM, caught from the first moment on.
struct Interrupts: Sendable {
    private let signals: UnixSignalsSequence

    static func trap() async -> Interrupts {
        Interrupts(signals: await UnixSignalsSequence(trapping: .sigint, .sigterm))
    }

    /// Calls `body` at the first, and ends the program at the second.
    func watch(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        Task {
            var isStopping = false
            for await _ in signals {
                if isStopping { Faultline.exit(withError: ExitStatus.interrupted.code) }
                isStopping = true
                await body()
            }
        }
    }
}

/// The ways in which we end a trace: the time is up, Ctrl-C, or the output has failed. The agent then says goodbye.
struct Stops: Sendable {
    private let link: AgentLink
    private let tasks: [Task<Void, Never>]

    init(_ link: AgentLink, duration: Duration?, interrupts: Interrupts) {
        self.link = link
        let watch = interrupts.watch { try? await link.send(.stop) }
        let timer = duration.map { duration in
            Task {
                guard (try? await Task.sleep(for: duration)) != nil else { return }
                try? await link.send(.stop)
            }
        }
        tasks = [watch] + (timer.map { [$0] } ?? [])
    }

    /// Asks the agent for the end; a link that is cut has ended anyway.
    @Sendable
    func stop() async { try? await link.send(.stop) }

    func disarm() {
        for task in tasks { task.cancel() }
    }
}
