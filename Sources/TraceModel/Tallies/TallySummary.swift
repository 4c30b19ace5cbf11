import FaultModel
public import WireProtocol

/// What the counting of faults came to: over all, or over one interval.
public struct TallySummary: Sendable {
    public let session: TraceSession
    public let grouping: FaultGrouping
    /// How many faults each counted one stands for.
    public let weight: UInt64
    public var tally: FaultTally
    public var cpu = CPULedger()
    /// Faults that passed the filters and found no room.
    public var lost: UInt64 = 0
    /// CLOCK_BOOTTIME.
    public let sinceNs: UInt64
    public var untilNs: UInt64
    public var command: CommandEnded?
    public var agent: Stats?
    public var bye: Bye?
    /// Faults received, told or counted, each once.
    public var received: UInt64 = 0

    public init(session: TraceSession, grouping: FaultGrouping, weight: UInt64, sinceNs: UInt64) {
        self.session = session
        self.grouping = grouping
        self.weight = weight
        self.sinceNs = sinceNs
        untilNs = sinceNs
        tally = FaultTally(weight: weight)
    }

    public var durationNs: UInt64 { bye?.durationNs ?? untilNs.subtractingOrZero(sinceNs) }

    /// Faults that passed the filters and were beyond the rate limit; told when all is over.
    public var heldBack: UInt64 { bye?.heldBack ?? 0 }

    /// Whether the faults were counted in the kernel; otherwise they were told one by one and counted here.
    public var isCountedInKernel: Bool { session.source != .perfRing && grouping.key != .place }

    /// Why the numbers cannot be trusted to the last fault; nil: they can.
    public var cut: TraceSummary.Cut? {
        guard let bye else { return .noEnding }
        guard bye.events == received, bye.lost == lost else { return .differs(sent: bye.events, lost: bye.lost) }
        return bye.notFollowed == 0 ? nil : .notFollowed(bye.notFollowed)
    }
}
