import FaultModel

/// What the faults of one group add up to.
public struct FaultCounts: BitwiseCopyable, Equatable, Sendable {
    public internal(set) var events: UInt64 = 0
    public internal(set) var user: UInt64 = 0
    public internal(set) var kernel: UInt64 = 0
    public internal(set) var read: UInt64 = 0
    public internal(set) var write: UInt64 = 0
    public internal(set) var execute: UInt64 = 0
    /// The earliest and the latest fault: CLOCK_BOOTTIME; both zero while there is none.
    public internal(set) var firstNs: UInt64 = 0
    public internal(set) var lastNs: UInt64 = 0

    init() {}

    /// One fault with these traits, without a time.
    init(_ traits: FaultTraits) {
        events = 1
        user = traits.mode == .user ? 1 : 0
        kernel = traits.mode == .kernel ? 1 : 0
        read = traits.access == .read ? 1 : 0
        write = traits.access == .write ? 1 : 0
        execute = traits.access == .execute ? 1 : 0
    }

    /// Adds a fault's counts at its time.
    @inline(__always)
    mutating func add(_ step: FaultCounts, atNs timeNs: UInt64) {
        if events == 0 { firstNs = timeNs }
        firstNs = min(firstNs, timeNs)
        lastNs = max(lastNs, timeNs)
        events &+= step.events
        user &+= step.user
        kernel &+= step.kernel
        read &+= step.read
        write &+= step.write
        execute &+= step.execute
    }
}

/// Events over time.
public enum FaultRate {
    /// Events a second; zero where no time has passed.
    public static func perSecond(_ events: UInt64, overNs durationNs: UInt64) -> Double {
        durationNs == 0 ? 0 : Double(events) / Double(durationNs) * 1e9
    }
}
