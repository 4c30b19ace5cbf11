/// Rounds that have come and wait for the names of functions: the lines that they let go shall have them.
struct HeldRounds: Sendable {
    /// No line waits longer for names.
    static let patience = Duration.milliseconds(300)

    private struct Round: Sendable {
        var untilNs: UInt64
        /// How many questions had been asked when it came.
        var asked: Int
        var cameAt: ContinuousClock.Instant
    }

    private var rounds: [Round] = []

    mutating func add(untilNs: UInt64, asked: Int, at now: ContinuousClock.Instant) {
        rounds.append(Round(untilNs: untilNs, asked: asked, cameAt: now))
    }

    /// Up to when lines can go; nil: they wait.
    ///
    /// - Parameter answered: how many questions have been answered.
    mutating func takeDue(answered: Int, at now: ContinuousClock.Instant) -> UInt64? {
        let due = rounds.prefix { $0.asked <= answered || $0.cameAt + Self.patience <= now }
        guard let last = due.last else { return nil }
        rounds.removeFirst(due.count)
        return last.untilNs
    }
}
