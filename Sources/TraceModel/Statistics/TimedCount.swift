public import FaultModel

/// Faults, and the time that was spent in those whose latency is known.
public struct TimedCount: BitwiseCopyable, Equatable, Sendable {
    public private(set) var events: UInt64 = 0
    /// In all of them together.
    public private(set) var latencyNs: UInt64 = 0
    /// Of how many the latency is known.
    public private(set) var timed: UInt64 = 0

    public init() {}

    /// Adds a fault.
    @inline(__always)
    public mutating func add(latencyNs: UInt64?) {
        events &+= 1
        guard let latencyNs else { return }
        timed &+= 1
        self.latencyNs = self.latencyNs.addingOrMax(latencyNs)
    }

    public mutating func add(_ other: TimedCount) {
        events &+= other.events
        timed &+= other.timed
        latencyNs = latencyNs.addingOrMax(other.latencyNs)
    }
}

/// The faults that ended in one way; nil: how is not known.
public struct OutcomeFaults: Equatable, Sendable {
    public let outcome: FaultOutcome?
    public let sum: TimedCount
}

/// The faults of one cause; nil: what is known does not tell.
public struct CauseFaults: Equatable, Sendable {
    public let cause: FaultCause?
    public let sum: TimedCount
}

/// Counts faults by cause.
struct CauseTable: Sendable {
    /// By the cause's number; zero: unknown.
    private var sums = [TimedCount](repeating: TimedCount(), count: 16)

    @inline(__always)
    mutating func add(_ cause: FaultCause?, latencyNs: UInt64?) {
        sums[Int(cause?.rawValue ?? 0) & 15].add(latencyNs: latencyNs)
    }

    /// The causes that occurred, the most frequent first; empty where none is known.
    var groups: [CauseFaults] {
        let known = sums.indices.filter { sums[$0].events > 0 }
        guard known.contains(where: { $0 > 0 }) else { return [] }
        return known.map { CauseFaults(cause: FaultCause(rawValue: UInt8($0)), sum: sums[$0]) }
            .sorted { $0.sum.events > $1.sum.events }
    }
}
