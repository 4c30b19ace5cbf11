/// How long whoever is gone is left alone: twice as long each time.
public struct Backoff: Sendable {
    private let longest: Duration
    private var pause: Duration

    public init(first: Duration, longest: Duration) {
        (pause, self.longest) = (first, longest)
    }

    /// The next pause.
    public mutating func next() -> Duration {
        defer { pause = min(pause * 2, longest) }
        return pause
    }
}
