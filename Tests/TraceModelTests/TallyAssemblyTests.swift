import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct TallyAssemblyTests {
    private func assembly(_ grouping: FaultGrouping = .process, countsIntervals: Bool = false) -> TallyAssembly {
        TallyAssembly(hello: fixtureHello, grouping: grouping, weight: 1, countsIntervals: countsIntervals)
    }

    private func counts(_ count: UInt64) -> AgentMessage {
        .tally(Tally(rows: [.init(
            pid: 1, uid: 0, comm: "cat", traits: FaultTraits(rawValue: userWrite), count: count, latencyNs: 0, histogram: [])]))
    }

    @Test func `counts of intervals add up to the whole`() throws {
        var assembly = assembly(countsIntervals: true)
        _ = try assembly.take(.started(fixtureStarted()))
        var parts: [UInt64] = []
        for (count, timeNs) in [(5, 2_000_000_000), (7, 3_000_000_000)] as [(UInt64, UInt64)] {
            _ = try assembly.take(counts(count))
            let part = try assembly.take(.tallied(Tallied(timeNs: timeNs, overflow: 0)))
            parts.append(try #require(part).tally.total.faults)
        }
        let end = assembly.finish()
        let total = try #require(end)
        #expect(parts == [5, 7])
        #expect(total.tally.total.faults == 12)
        #expect(total.received == 12)
    }

    @Test func `faults and counts that no machine can have are no reason to break`() throws {
        var (assembly, script) = (assembly(.mapping), AgentScript())
        _ = try assembly.take(.started(script.started))
        _ = try assembly.take(counts(.max))
        _ = try assembly.take(script.batch([fault(2_000_000_000)]))
        for _ in 0..<2 { _ = try assembly.take(.lost(Lost(cpu: 0, count: .max, firstNs: 1, lastNs: 1))) }
        let end = assembly.finish()
        let total = try #require(end)
        #expect(total.received == .max)
        #expect(total.lost == .max)
    }

    @Test func `nothing is counted before the start, and there is one start`() throws {
        var assembly = assembly()
        #expect(throws: TraceViolation.unexpected("counts before the start")) { _ = try assembly.take(counts(1)) }
        _ = try assembly.take(.started(fixtureStarted()))
        #expect(throws: TraceViolation.unexpected("a second start")) { _ = try assembly.take(.started(fixtureStarted())) }
    }
}
