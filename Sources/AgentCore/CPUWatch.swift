/// Says when to look whether CPUs have gone or come: phones take theirs off and on all the time, and sleep takes all but one.
public struct CPUWatch: Sendable {
    private static let glanceNs: UInt64 = 10_000_000
    private static let intervalNs: UInt64 = 1_000_000_000
    /// Events show that they are dead only when they are looked at twice.
    private static let suspicionNs: UInt64 = 100_000_000
    /// What two clocks that are read one after the other may differ by.
    private static let sleepNs: Int64 = 20_000_000

    private var online: [UInt8] = []
    private var sleptNs: UInt64 = 0
    private var glancedNs: UInt64 = 0
    private var lookedNs: UInt64 = 0
    private var suspiciousUntilNs: UInt64 = 0

    public init() {}

    /// Whether to look now: once a second, and at once when other CPUs are online than before or the device has slept.
    ///
    /// - Parameters:
    ///   - nowNs: CLOCK_MONOTONIC.
    ///   - sleptNs: for how long the device has slept in all.
    ///   - online: reads which CPUs are online.
    public mutating func isDue(atNs nowNs: UInt64, sleptNs: UInt64, online: () -> [UInt8]) -> Bool {
        guard nowNs &- glancedNs >= Self.glanceNs else { return false }
        glancedNs = nowNs
        let online = online()
        // Without any sleep the difference of the two clocks is now and then less than nothing.
        let sleptSince = Int64(bitPattern: sleptNs &- self.sleptNs)
        if online != self.online || sleptSince > Self.sleepNs { suspiciousUntilNs = nowNs &+ Self.suspicionNs }
        (self.online, self.sleptNs) = (online, sleptNs)
        guard nowNs < suspiciousUntilNs || nowNs &- lookedNs >= Self.intervalNs else { return false }
        lookedNs = nowNs
        return true
    }
}
