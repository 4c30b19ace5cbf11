import FaultModel
import LiveModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct LiveTraceTests {
    @Test func `every fault is in each of the sums`() {
        var feed = Feed()
        feed.begin()
        for step in 0..<40 as Range<UInt64> {
            feed.take((0..<25).map { fault(second + step * second / 4, pid: 100 + UInt32($0) % 3).with(.zeroFill, latencyNs: 2000) })
        }
        let view = feed.view
        #expect(view.events == 1000)
        #expect(view.sum.events == 1000)
        #expect(view.sum.latencyNs == 2_000_000)
        #expect(view.timeline.map { $0.events.reduce(0, +) } == [1000])
        #expect(view.latency.map { $0.reduce(0, +) }.reduce(0, +) == 1000)
        #expect(view.processes.map(\.sum.events).reduce(0, +) == 1000)
        #expect(view.threads.map(\.sum.events).reduce(0, +) == 1000)
        #expect(view.mappings.map(\.sum.events).reduce(0, +) == 1000)
        #expect(view.stacks.sum.events == 1000)
        #expect(view.processes.map(\.process.pid) == [100, 101, 102])
    }

    @Test func `a long trace stays whole in few columns`() {
        var feed = Feed()
        feed.begin()
        for hour in 0..<48 as Range<UInt64> { feed.take([fault(second + hour * 3600 * second).with(.file)]) }
        let view = feed.view
        #expect(view.sum.events == 48)
        #expect(view.columns.count <= LiveQuery.columnLimit)
        #expect(view.columns.widthNs * UInt64(view.columns.count) >= 47 * 3600 * second)
    }

    @Test func `a lost connection is a stretch of time, and what comes after it goes on`() throws {
        let trace = LiveTrace(label: "x")
        var sink = trace.sink
        try sink.begin(session())
        try sink.interrupted(Outage(reason: "cut", sinceNs: 3 * second, untilNs: 8 * second))
        try sink.consume([fault(9 * second)][...], TraceNames())
        let view = trace.view(LiveQuery())
        #expect(view.outages == [2 * second..<7 * second] && view.nowNs == 8 * second && view.events == 1)
    }

    @Test(arguments: [(.max, 0), (0, .max), (.max, .max), (1 << 63, 1 << 62)] as [(UInt64, UInt64)])
    func `a device may tell any time`(startNs: UInt64, wallClockNs: UInt64) {
        var (feed, session) = (Feed(), TraceFixtures.session())
        (session.startNs, session.wallClockNs) = (startNs, wallClockNs)
        feed.begin(session)
        feed.take([fault(0).with(.file), fault(.max).with(.file), fault(1 << 63).with(.file)])
        feed.lose(5, atNs: .max)
        #expect(feed.view.events == 3)
        #expect(feed.view.lost == 5)
    }

    @Test func `a filter holds in every sum`() {
        var feed = Feed()
        feed.begin()
        feed.take([fault(second).with(.zeroFill), fault(second, pid: 7).with(.file), fault(second, pid: 7).with(.zeroFill)])
        let view = feed.view { $0.process = 1; $0.causes = [.zeroFill] }
        #expect(view.sum.events == 1)
        #expect(view.process?.pid == 7)
        #expect(view.threads.map(\.thread.tid) == [7])
        #expect(view.stacks.sum.events == 1)
        #expect(view.newest.map(\.fault.thread.pid) == [7])
        #expect(view.byCause.map(\.value) == [.zeroFill])
        #expect(view.mappings.map(\.sum.events) == [1])
    }

    @Test func `what is not known can be asked for`() {
        var feed = Feed()
        feed.begin()
        feed.take([fault(second).with(nil), fault(second).with(.file)])
        #expect(feed.view { $0.causes = [nil] }.sum.events == 1)
        #expect(feed.view { $0.outcomes = [.major] }.sum.events == 0)
    }

    @Test func `a range of time leaves out what is before and after`() {
        var feed = Feed()
        feed.begin()
        for at in 1...20 as ClosedRange<UInt64> { feed.take([fault(at * second)]) }
        #expect(feed.view { $0.lastNs = 5 * second }.sum.events == 6)
        #expect(feed.view { $0.range = 2 * second..<4 * second }.sum.events == 2)
        #expect(feed.view { $0.range = 90 * second..<99 * second }.sum.events == 0)
    }

    @Test func `losses stand where they were`() {
        var feed = Feed()
        feed.begin()
        feed.take([fault(second), fault(3 * second)])
        feed.lose(40, atNs: 2 * second)
        #expect(feed.view.lost == 40)
        #expect(feed.view.lostOverTime.firstIndex(of: 40) == 4)
    }

    @Test func `a device that comes back goes on in the same trace, and its processes are others`() {
        var feed = Feed()
        feed.begin()
        feed.take([fault(second)])
        feed.trace.become(.waiting(reason: "the cable"))
        #expect(feed.view.connection == .waiting(reason: "the cable"))
        var again = session()
        again.startNs = 5
        again.wallClockNs += 60 * second
        feed.begin(again)
        feed.take([fault(5)])
        let view = feed.view
        #expect(view.connection == .live)
        #expect(view.processes.map(\.place) == [0, 1])
        #expect(view.nowNs == 60 * second)
        #expect(feed.trace.metrics.sessions == 2)
    }

    @Test func `faults that cannot be told apart any more are still counted`() {
        var feed = Feed()
        feed.begin()
        feed.take((1...5000).map { fault(second, pid: $0).with(.zeroFill) })
        let view = feed.view
        #expect(view.sum.events == 5000)
        #expect(view.timeline.map { $0.events.reduce(0, +) } == [5000])
        #expect(view.otherProcesses.events > 0)
        #expect(view.stacks.sum.events == 5000)
    }

    @Test func `stacks with one beginning are one branch`() {
        let fixture = StackFixture()
        var feed = Feed()
        feed.begin()
        feed.take([fixture.both, fixture.both], fixture.names)
        let view = feed.view
        #expect(view.hasWholeStacks)
        #expect(view.stacks.children.map(\.label) == ["cat"])
        #expect(view.stacks.children.first?.children.map(\.label) == ["[unknown]"])
        #expect(view.stacks.children.first?.children.first?.children.map(\.label) == ["[a b,\"c.so]"])
        #expect(view.stacks.children.first?.children.first?.children.first?.sum.events == 2)
    }

    @Test func `of many newest faults there is a sample`() {
        var feed = Feed()
        feed.begin()
        feed.take((0..<10_000).map { fault(second + $0) })
        #expect(feed.view.newest.count == 40)
        #expect(feed.view.newest.first!.timeNs > feed.view.newest.last!.timeNs)
    }
}

struct MetricCountersTests {
    private func sum(_ trace: LiveTrace, _ name: String) -> UInt64? {
        trace.metrics.counters.series.first { $0.name == name }.map { series in
            FaultCause.allCases.reduce(series.events(nil, nil)) { $0 + series.events($1, nil) }
        }
    }

    @Test func `names are few, nothing is counted twice, and who faults most has a series`() {
        var feed = Feed()
        feed.begin()
        for pid in 1...300 as ClosedRange<UInt32> { feed.take([fault(second, pid: pid, comm: Array("p\(pid)".utf8))]) }
        for _ in 0..<20 { feed.take((0..<500).map { _ in fault(2 * second, pid: 299, comm: Array("p299".utf8)) }) }
        let series = feed.trace.metrics.counters.series
        #expect(series.count <= MetricCounters.seriesLimit + 1)
        #expect(series.map { sum(feed.trace, $0.name)! }.reduce(0, +) == 10_300)
        #expect(sum(feed.trace, "p1") == 1)
        #expect(sum(feed.trace, "p299")! > 5000)
        #expect(sum(feed.trace, "p298") == nil)
    }

    @Test func `no series ever becomes smaller`() {
        var feed = Feed()
        feed.begin()
        var before: [String: UInt64] = [:]
        for round in 0..<60 as Range<UInt32> {
            feed.take((0..<400).map { fault(second, pid: 1 + (round * 7 + $0) % 200, comm: Array("p\((round * 7 + $0) % 200)".utf8)) })
            for series in feed.trace.metrics.counters.series {
                let now = sum(feed.trace, series.name)!
                #expect(now >= before[series.name] ?? 0)
                before[series.name] = now
            }
        }
    }

    @Test func `a process that is called other is among the others`() {
        var feed = Feed()
        feed.begin()
        feed.take([fault(second, comm: Array("other".utf8))])
        #expect(feed.trace.metrics.counters.series.map(\.name) == ["other"])
    }

    @Test func `latencies go by cause, each into its step`() {
        var feed = Feed()
        feed.begin()
        feed.take([fault(second).with(.file, latencyNs: 1000), fault(second).with(.file, latencyNs: 3_000_000), fault(second).with(.file)])
        let (steps, sumNs) = feed.trace.metrics.counters.latency(.file)
        #expect(sumNs == 3_001_000)
        #expect(steps.reduce(0, +) == 2)
        #expect(Array(steps)[2] == 1)
        #expect(LatencyStep.endNs(2) == 1024)
    }
}
