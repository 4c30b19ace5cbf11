import FaultModel

/// What the faults of one group have come to since the trace began.
public struct ActivityCounts: BitwiseCopyable, Equatable, Sendable {
    public private(set) var faults: UInt64 = 0
    public private(set) var major: UInt64 = 0
    public private(set) var failed: UInt64 = 0
    /// In all faults whose end is known.
    public private(set) var timeNs: UInt64 = 0
    /// In the minor ones: what they took of the CPU time. A major fault sleeps.
    public private(set) var minorTimeNs: UInt64 = 0
    /// Of how many faults the time is known.
    public private(set) var timed: UInt64 = 0

    public init() {}

    /// One fault's part.
    ///
    /// - Parameter weight: how many faults it stands for.
    init(_ fault: PageFault, weight: UInt64) {
        faults = weight
        let outcome = fault.kind.traits.outcome
        major = outcome == .major ? weight : 0
        failed = outcome == .failed ? weight : 0
        guard let latencyNs = fault.latencyNs else { return }
        let (product, overflow) = latencyNs.multipliedReportingOverflow(by: weight)
        timeNs = overflow ? .max : product
        minorTimeNs = outcome == .minor ? timeNs : 0
        timed = weight
    }

    /// The sum; it wraps around where an agent tells what cannot be.
    @inline(__always)
    public mutating func add(_ other: ActivityCounts) {
        faults &+= other.faults
        major &+= other.major
        failed &+= other.failed
        timeNs &+= other.timeNs
        minorTimeNs &+= other.minorTimeNs
        timed &+= other.timed
    }

    /// How long one fault took; nil: nobody knows.
    public var eachNs: UInt64? { timed == 0 ? nil : timeNs / timed }
}

/// What happens in a second, as of late.
public struct ActivityRate: BitwiseCopyable, Equatable, Sendable {
    public internal(set) var faults: Double = 0
    public internal(set) var major: Double = 0
    /// Time in faults, in nanoseconds; of several threads together it may be more than a second.
    public internal(set) var timeNs: Double = 0

    public init() {}

    public mutating func add(_ other: ActivityRate) {
        faults += other.faults
        major += other.major
        timeNs += other.timeNs
    }
}
