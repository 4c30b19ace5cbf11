import FaultModel

/// What the faults of one group add up to.
public struct GroupSum: Sendable {
    public private(set) var events: UInt64 = 0
    /// Faults by mode, access and outcome: see `Step`.
    private var traits = SIMD8<UInt64>()
    /// In all faults together whose end is known.
    public private(set) var latencyNs: UInt64 = 0
    /// nil: there were too many groups to keep this one's.
    public internal(set) var latencies: Latencies?

    public var user: UInt64 { traits[0] }
    public var kernel: UInt64 { traits[1] }
    public var read: UInt64 { traits[2] }
    public var write: UInt64 { traits[3] }
    public var execute: UInt64 { traits[4] }
    public var minor: UInt64 { traits[5] }
    public var major: UInt64 { traits[6] }
    public var failed: UInt64 { traits[7] }

    init(keepsLatencies: Bool) { latencies = keepsLatencies ? Latencies() : nil }

    /// - Parameter step: what one fault with these traits adds.
    @inline(__always)
    mutating func add(_ step: SIMD8<UInt64>, latencyNs ns: UInt64?) {
        events &+= 1
        traits &+= step
        guard let ns else { return }
        let (sum, overflow) = latencyNs.addingReportingOverflow(ns)
        latencyNs = overflow ? .max : sum
        latencies?.add(ns)
    }

    mutating func add(_ other: GroupSum) {
        events &+= other.events
        traits &+= other.traits
        let (sum, overflow) = latencyNs.addingReportingOverflow(other.latencyNs)
        latencyNs = overflow ? .max : sum
        if let more = other.latencies { latencies?.add(more) } else { latencies = nil }
    }
}

/// What one fault adds to a group, by its traits.
enum Step {
    static let table: [SIMD8<UInt64>] = (0...255).map { step(FaultTraits(rawValue: UInt8($0))) }

    private static func step(_ traits: FaultTraits) -> SIMD8<UInt64> {
        var step = SIMD8<UInt64>()
        if let mode = traits.mode { step[Int(mode.rawValue) - 1] = 1 }
        if let access = traits.access { step[Int(access.rawValue) + 1] = 1 }
        if let outcome = traits.outcome { step[Int(outcome.rawValue) + 4] = 1 }
        return step
    }
}
