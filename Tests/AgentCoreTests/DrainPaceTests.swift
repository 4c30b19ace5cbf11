import AgentCore
import Testing

@Suite struct DrainPaceTests {
    private static let secondNs: UInt64 = 1_000_000_000
    private var pace = DrainPace()

    private mutating func interval(drained count: UInt64, atNs nowNs: UInt64) -> Int32 {
        pace.note(drained: count, atNs: nowNs)
        return pace.intervalMs
    }

    @Test mutating func `it is quick from the start, and for a second after the last record`() {
        #expect(pace.intervalMs == DrainPace.busyMs)
        #expect(interval(drained: 0, atNs: 5 * Self.secondNs) == DrainPace.busyMs)
        #expect(interval(drained: 7, atNs: 6 * Self.secondNs - 1) == DrainPace.busyMs)
        #expect(interval(drained: 7, atNs: 7 * Self.secondNs - 2) == DrainPace.busyMs)
    }

    @Test mutating func `it is slow when nothing has come for a second, and quick again with the next record`() {
        _ = interval(drained: 7, atNs: Self.secondNs)
        #expect(interval(drained: 7, atNs: 2 * Self.secondNs) == DrainPace.idleMs)
        #expect(interval(drained: 8, atNs: 3 * Self.secondNs) == DrainPace.busyMs)
    }
}
