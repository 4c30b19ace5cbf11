import Testing

/// A full buffer loses faults, but none without a word. An emulated device can be so slow that its agent keeps up even with
/// a tiny one; then nothing may be lost at all.
@Suite(.serialized) struct LossTests {
    private let faults = Device.isThisMachine ? 100_000 : 20_000

    @Test(arguments: Device.ways)
    func `events and losses add up when the buffer is tiny`(way: Way) async throws {
        let options = way.options + ["--buffer", "4K"] + Base.range(Base.again)
        let run = try await Tool.trace(options, ["fork", "2", "again", "\(faults / 2)"])
        let summary = try #require(run.summary)
        #expect(run.status == 0)
        if Device.isThisMachine { #expect(summary.lost > 0, "the buffer was never full") }
        #expect(summary.events + summary.lost == UInt64(faults))
        #expect(UInt64(run.events.count) == summary.events)
        #expect(run.lost == summary.lost)
        #expect(run.errors.contains("--buffer") == (summary.lost > 0), "the remedy is named when there is need")
    }

    @Test(arguments: Device.ways)
    func `gaps stand where the faults are missing`(way: Way) async throws {
        let options = way.options + ["--buffer", "4K"] + Base.range(Base.again)
        let run = try await Tool.trace(options, ["sleep", "200", "again", "\(faults)", "sleep", "200"])
        let first = try #require(run.events.first?.time_ns)
        let last = try #require(run.events.last?.time_ns)
        for gap in run.gaps { #expect(first...last + 50_000_000 ~= gap.time_ns) }
    }

    @Test func `an ample buffer loses nothing`() async throws {
        let run = try await Tool.trace(Device.best.options + Base.range(Base.again), ["again", "\(faults)"])
        #expect(run.summary?.lost == 0)
        #expect(run.summary?.events == UInt64(faults))
    }
}
