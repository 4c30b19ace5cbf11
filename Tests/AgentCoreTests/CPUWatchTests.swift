import AgentCore
import Testing

@Suite struct CPUWatchTests {
    private static let secondNs: UInt64 = 1_000_000_000
    private var watch = CPUWatch()

    /// How often it is due within a second that is asked for each millisecond.
    private mutating func count(from second: UInt64, sleptNs: UInt64 = 0, online: String = "0-7") -> Int {
        (0..<1000).count { watch.isDue(atNs: second * Self.secondNs + $0 * 1_000_000, sleptNs: sleptNs) { Array(online.utf8) } }
    }

    @Test mutating func `it is due once a second while nothing happens`() {
        _ = count(from: 1)
        #expect(count(from: 2) <= 1)
        #expect(count(from: 3) == 1)
    }

    @Test mutating func `it is due at once and again when CPUs have gone or come`() {
        _ = count(from: 1)
        #expect(watch.isDue(atNs: 2 * Self.secondNs, sleptNs: 0) { Array("0-6".utf8) })
        #expect((5...15).contains(count(from: 3, online: "0-7")), "for a tenth of a second, each ten milliseconds")
    }

    @Test mutating func `it is due at once after a sleep, and not because clocks are read one after the other`() {
        _ = count(from: 1)
        #expect(count(from: 2, sleptNs: 1_000_000) <= 1)
        #expect((5...15).contains(count(from: 3, sleptNs: 60 * Self.secondNs)))
    }

    @Test mutating func `it is not due because a device has never slept, where the earlier clock seems to be the later one`() {
        _ = count(from: 1, sleptNs: 0 &- 200)
        #expect(count(from: 2, sleptNs: 0 &- 200) <= 1)
        _ = count(from: 3, sleptNs: 100)
        #expect(count(from: 4, sleptNs: 0 &- 200) <= 1)
    }

    @Test mutating func `CPUs are not read more often than each ten milliseconds`() {
        var reads = 0
        for millisecond in UInt64(0)..<1000 {
            _ = watch.isDue(atNs: Self.secondNs + millisecond * 1_000_000, sleptNs: 0) {
                reads += 1
                return []
            }
        }
        #expect(reads == 100)
    }
}
