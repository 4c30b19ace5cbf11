/// The trace's time in slots: a second has four for rates, so that a view has news four times a second, and one for its history.
struct ActivityClock: Sendable {
    static let slotsPerSecond: Int32 = 4
    private static let slotNs: UInt64 = 1_000_000_000 / UInt64(slotsPerSecond)

    private let startNs: UInt64
    /// The latest time of which anything is known, CLOCK_BOOTTIME.
    private(set) var nowNs: UInt64

    init(startNs: UInt64) {
        self.startNs = startNs
        nowNs = startNs
    }

    mutating func advance(toNs timeNs: UInt64) { nowNs = max(nowNs, timeNs) }

    var elapsedNs: UInt64 { nowNs - startNs }

    /// What is told of a time before the trace happens at its start.
    @inline(__always)
    func sinceStart(_ timeNs: UInt64) -> UInt64 { timeNs <= startNs ? 0 : timeNs - startNs }

    /// The slot of a time.
    @inline(__always)
    func slot(atNs timeNs: UInt64) -> Int32 { Int32(clamping: sinceStart(timeNs) / Self.slotNs) }

    /// The slot that is being filled.
    var now: Int32 { slot(atNs: nowNs) }

    /// What the slots of the last whole second make; less where the trace is younger.
    func rate(_ rings: ActivityRings, _ row: Int) -> ActivityRate {
        let (last, count) = (now, min(now, Self.slotsPerSecond))
        guard count > 0 else { return ActivityRate() }
        var sum = ActivityRings.Slot()
        for slot in last - count..<last {
            let part = rings.slot(slot, of: row)
            sum.faults &+= part.faults
            sum.major &+= part.major
            sum.timeNs &+= part.timeNs
        }
        let scale = Double(Self.slotsPerSecond) / Double(count)
        var rate = ActivityRate()
        (rate.faults, rate.major) = (Double(sum.faults) * scale, Double(sum.major) * scale)
        rate.timeNs = Double(sum.timeNs) * scale
        return rate
    }
}
