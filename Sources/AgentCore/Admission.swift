/// How many wrong tokens are borne, and how long each one's answer takes. The right one is answered at once, whatever came before.
public struct Admission: Sendable {
    /// Wrong tokens before the agent ends.
    public static let limit = 5
    /// How long the first wrong token waits for its answer; each further one waits twice as long as the one before.
    public static let firstDelayNs: UInt64 = 250_000_000

    /// Wrong tokens that have come.
    public private(set) var refusals = 0

    /// None has come yet.
    public init() {}

    /// Nobody else shall guess.
    public var isOver: Bool { refusals >= Self.limit }

    /// A wrong token has come.
    ///
    /// - Returns: for how long its answer is held back, in nanoseconds.
    public mutating func refuse() -> UInt64 {
        refusals += 1
        return Self.firstDelayNs << UInt64(min(refusals, Self.limit) - 1)
    }
}
