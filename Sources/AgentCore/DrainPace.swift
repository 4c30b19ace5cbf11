/// How long to sleep between two drains of the kernel's buffers, unless one is half full before.
///
/// To wake costs a processor that has slept nearly a tenth of a millisecond, whatever is done then: an agent that has nothing to tell
/// sleeps longer.
public struct DrainPace: Sendable {
    public static let busyMs: Int32 = 10
    public static let idleMs: Int32 = 50
    private static let idleAfterNs: UInt64 = 1_000_000_000

    private var drained: UInt64 = 0
    private var drainedNs: UInt64 = 0
    public private(set) var intervalMs = busyMs

    public init() {}

    /// - Parameters:
    ///   - count: of all records that have ever been drained.
    ///   - nowNs: CLOCK_MONOTONIC.
    public mutating func note(drained count: UInt64, atNs nowNs: UInt64) {
        if count != drained || drainedNs == 0 { (drained, drainedNs) = (count, nowNs) }
        intervalMs = nowNs &- drainedNs >= Self.idleAfterNs ? Self.idleMs : Self.busyMs
    }
}
