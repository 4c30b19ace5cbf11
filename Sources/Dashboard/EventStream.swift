import Hummingbird
import NIOCore
import Synchronization

/// Tells one browser twice a second how things stand. One that does not read is let go.
struct EventStream: Sendable {
    static let interval = Duration.milliseconds(500)
    /// How long one answer may take to leave.
    static let patience = Duration.seconds(10)

    /// What the kernel may keep of it meanwhile, in bytes: little, so that it shows soon that nobody reads.
    private static let kept = 256 << 10

    private let answers: AnswerCache
    private let question: Question
    private let channel: any Channel
    private let ticket: ViewerCount.Ticket

    init(_ answers: AnswerCache, _ question: Question, _ channel: any Channel, _ ticket: ViewerCount.Ticket) {
        (self.answers, self.question, self.channel, self.ticket) = (answers, question, channel, ticket)
    }

    func write(to writer: inout any ResponseBodyWriter) async throws {
        try? await channel.setOption(.socketOption(.so_sndbuf), value: ChannelOptions.Types.SocketOption.Value(Self.kept)).get()
        let watchdog = Watchdog(channel, patience: Self.patience)
        defer { watchdog.stop() }
        while !Task.isCancelled, channel.isActive {
            watchdog.begin()
            try await writer.write(event)
            watchdog.end()
            try await Task.sleep(for: Self.interval)
        }
        try await writer.finish(nil)
    }

    private var event: ByteBuffer {
        var event = ByteBuffer(string: "data: ")
        var answer = answers.answer(question)
        event.writeBuffer(&answer)
        event.writeString("\n\n")
        return event
    }
}

/// Closes a connection when a write does not come to its end.
final class Watchdog: Sendable {
    private let since = Mutex<ContinuousClock.Instant?>(nil)
    private let task: Mutex<Task<Void, Never>?>

    init(_ channel: any Channel, patience: Duration) {
        task = Mutex(nil)
        task.withLock { task in
            task = Task { [weak self] in
                while (try? await Task.sleep(for: patience / 4)) != nil, let self {
                    if self.since.withLock({ $0.map { .now - $0 > patience } ?? false }) { return channel.close(promise: nil) }
                }
            }
        }
    }

    func begin() { since.withLock { $0 = .now } }
    func end() { since.withLock { $0 = nil } }
    func stop() { task.withLock { $0?.cancel() } }
}

/// How many browsers are told at once.
final class ViewerCount: Sendable {
    static let limit = 32

    private let count = Mutex(0)

    /// - Returns: nil: there are enough.
    func admit() -> Ticket? {
        count.withLock { count in
            guard count < Self.limit else { return nil }
            count += 1
            return Ticket(self)
        }
    }

    /// A browser's place, which is free again when nobody holds this any more.
    final class Ticket: Sendable {
        private let owner: ViewerCount

        fileprivate init(_ owner: ViewerCount) { self.owner = owner }

        deinit { owner.count.withLock { $0 -= 1 } }
    }
}
