import DeviceLink
import FaultModel
import LiveModel
import Synchronization
import TraceModel
import WireProtocol

/// Feeds a live trace from a device that may come and go.
struct LiveFeed: Sendable {
    /// How long a device that is gone is left alone: at first, and at the most.
    private static let pauses = Backoff(first: .seconds(1), longest: longestPause)
    private static let longestPause = Duration.seconds(10)

    let target: TargetOptions
    let start: Start
    let trace: LiveTrace
    /// Whether there is nothing else to show.
    let isOnly: Bool

    /// Traces until its task is cancelled. The only one fails as soon as there can be no trace, unless there has been one.
    func run() async throws {
        let hasBegun = Mutex(false)
        var pauses = Self.pauses
        while !Task.isCancelled {
            var reason = "the trace has ended on the device; beginning another"
            let beganAt = ContinuousClock.now
            do {
                try await receive { hasBegun.withLock { $0 = true } }
            } catch {
                guard !isOnly || hasBegun.withLock({ $0 }), !Task.isCancelled else { throw error }
                reason = "\(error)"
            }
            trace.become(.waiting(reason: reason))
            if ContinuousClock.now - beganAt > Self.longestPause { pauses = Self.pauses }
            try await Task.sleep(for: pauses.next())
        }
    }

    /// Makes one trace.
    private func receive(onStart: @escaping @Sendable () -> Void) async throws {
        try await target.withAgent(wantsChecks: true) { link, messages in
            var assembly = TraceAssembly<Never>(
                hello: link.hello, sampleEvery: start.filter.sampleEvery, wantsSymbols: true,
                output: OrderedOutput(trace.sink, order: .ofComing))
            defer { _ = assembly.finish() }
            try await link.send(.start(start))
            while assembly.bye == nil, let message = try await messages.next() {
                try take(message, &assembly)
                if case .started = message { onStart() }
                for question in assembly.takeQuestions() { try? await link.send(question) }
            }
        }
    }

    private func take(_ message: AgentMessage, _ assembly: inout TraceAssembly<Never>) throws(LinkError) {
        do throws(TraceViolation) {
            try assembly.take(message, at: .now)
        } catch {
            throw LinkError(error)
        }
        trace.note(message)
    }
}
