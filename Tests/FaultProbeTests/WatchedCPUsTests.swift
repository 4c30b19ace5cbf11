import Testing

@testable import FaultProbe

@Suite struct WatchedCPUsTests {
    @Test func `a CPU whose events stand still has gone, and says since when`() {
        var cpus = WatchedCPUs()
        for cpu in Int32(0)..<2 { #expect(cpus.add(cpu, atNs: 100) == nil) }
        #expect(cpus.look(atNs: 200) { _ in 50 } == [])
        #expect(cpus.look(atNs: 300) { $0 == 1 ? 50 : 90 } == [1])
        #expect(cpus.contains(0))
        #expect(!cpus.contains(1))
        #expect(cpus.look(atNs: 400) { _ in 95 } == [], "who has none is not asked")
        #expect(cpus.add(1, atNs: 500) == 200, "it was seen alive at 200")
        #expect(cpus.contains(1))
    }

    @Test func `events that never counted are dead`() {
        var cpus = WatchedCPUs()
        cpus.add(0, atNs: 100)
        #expect(cpus.look(atNs: 200) { _ in 0 } == [0])
    }
}
