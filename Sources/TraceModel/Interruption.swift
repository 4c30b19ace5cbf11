/// The connection to the agent was lost: what happened until the next session begins is not known.
public struct Interruption: Equatable, Sendable {
    /// What was lost and how, one sentence.
    public var reason: String
    /// CLOCK_BOOTTIME: every event up to then had come.
    public var sinceNs: UInt64
    /// CLOCK_REALTIME of the controller when it noticed.
    public var wallClockNs: UInt64

    public init(reason: String, sinceNs: UInt64, wallClockNs: UInt64) {
        self.reason = reason
        self.sinceNs = sinceNs
        self.wallClockNs = wallClockNs
    }
}

/// A time of which nothing is known, between two sessions of one trace.
public struct Outage: Equatable, Sendable {
    public var reason: String
    /// CLOCK_BOOTTIME: every event up to then had come.
    public var sinceNs: UInt64
    /// CLOCK_BOOTTIME: when the next session began.
    public var untilNs: UInt64

    public init(reason: String, sinceNs: UInt64, untilNs: UInt64) {
        self.reason = reason
        self.sinceNs = sinceNs
        self.untilNs = untilNs
    }

    public var durationNs: UInt64 { untilNs.subtractingOrZero(sinceNs) }
}
