import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct FaultTallyTests {
    private let minorWrite = FaultTraits(rawValue: userWrite | 1 << 6)
    private let major = FaultTraits(rawValue: kernelRead | 2 << 6)

    private func row(_ pid: UInt32, _ traits: FaultTraits, count: UInt64, latencyNs: UInt64 = 0, histogram: [UInt64] = []) -> Tally.Row {
        Tally.Row(pid: pid, uid: 0, comm: "cat", traits: traits, count: count, latencyNs: latencyNs, histogram: histogram)
    }

    @Test func `rows add up by group and over all`() {
        var tally = FaultTally()
        tally.add(row(1, minorWrite, count: 3, latencyNs: 30, histogram: [0, 0, 0, 3]), to: .process(1), name: "cat")
        tally.add(row(1, major, count: 2, latencyNs: 900, histogram: [0, 0, 0, 0, 0, 0, 0, 0, 2]), to: .process(1), name: "dog")
        tally.add(row(2, minorWrite, count: 7), to: .process(2), name: nil)
        #expect(tally.groups(top: 9).map(\.id) == [.process(2), .process(1)])
        #expect(tally.groups(top: 9).map(\.name) == [nil, "dog"])
        #expect(tally.groups(top: 1).map(\.counts.faults) == [7])
        let counts = tally.groups(top: 9)[1].counts
        #expect([counts.faults, counts.user, counts.kernel, counts.read, counts.write] == [5, 3, 2, 2, 3])
        #expect([counts.minor, counts.major, counts.failed] == [3, 2, 0])
        #expect([counts.latencyNs, counts.minorLatencyNs] == [930, 30])
        #expect(counts.histogram.bars.map(\.faults) == [3, 0, 0, 0, 0, 2])
        #expect(counts.histogram.bars.first?.fromNs == 8)
        #expect(counts.histogram.bars.last?.toNs == 512)
        #expect(tally.total.faults == 12)
    }

    @Test func `a fault counts like a row of one`() {
        var (told, counted) = (FaultTally(), FaultTally())
        var one = fault(5, traits: minorWrite.rawValue)
        for latency: UInt64 in [1, 2, 3, 4, 1023, 1024] {
            one.latencyNs = latency
            told.add(one, to: .process(100), name: "cat")
        }
        let slots: [UInt64] = [1, 2, 1, 0, 0, 0, 0, 0, 0, 1, 1]
        counted.add(row(100, minorWrite, count: 6, latencyNs: 2057, histogram: slots), to: .process(100), name: "cat")
        #expect(told.groups(top: 1) == counted.groups(top: 1))
        #expect(told.total == counted.total)
    }

    @Test func `one in N stands for N`() {
        var tally = FaultTally(weight: 10)
        tally.add(row(1, minorWrite, count: 3, latencyNs: 30, histogram: [0, 3]), to: .process(1), name: nil)
        #expect([tally.total.faults, tally.total.minor, tally.total.latencyNs] == [30, 30, 300])
        #expect(tally.total.histogram.bars.map(\.faults) == [30])
    }

    @Test func `groups past the limit are counted together`() {
        var tally = FaultTally(groupLimit: 2)
        for pid: UInt32 in 1...5 { tally.add(row(pid, minorWrite, count: 1), to: .process(pid), name: nil) }
        #expect(tally.groups.count == 2)
        #expect([tally.others.faults, tally.total.faults] == [3, 5])
    }

    @Test func `what a peer says may be anything`() {
        var tally = FaultTally(weight: 3)
        let full = [UInt64](repeating: .max, count: 64)
        for _ in 0..<2 { tally.add(row(1, major, count: .max, latencyNs: .max, histogram: full), to: .process(1), name: nil) }
        #expect(tally.total.faults == .max)
        #expect(tally.total.histogram.bars.count == 64)
        #expect(tally.total.histogram.bars.last?.toNs == .max)
    }

    // MARK: CPU time

    @Test func `what the last message leaves out is a lower bound`() {
        var ledger = CPULedger()
        #expect(ledger.total == nil)
        ledger.note(CPUTimes(timeNs: 1, list: [.init(pid: 1, cpuTimeNs: 10), .init(pid: 2, cpuTimeNs: 5)]))
        let before = ledger
        ledger.note(CPUTimes(timeNs: 2, list: [.init(pid: 1, cpuTimeNs: 17)]))
        #expect([ledger.time(of: 1), ledger.time(of: 2), ledger.time(of: 3)] == [17, 5, nil])
        #expect((ledger.isLowerBound(1), ledger.isLowerBound(2), ledger.isLowerBound(3)) == (false, true, false))
        #expect(ledger.total == 22)
        #expect(ledger.hasLowerBounds)
        #expect(ledger.since(before).time(of: 1) == 7)
        ledger.breakOff()
        #expect(ledger.isLowerBound(1) && ledger.time(of: 1) == 17)
    }

    // MARK: Groups

    @Test func `a process goes by the name that is told of it, else by its thread's`() {
        var grouper = FaultGrouper(.process, kernel: nil)
        let row = row(100, minorWrite, count: 1)
        #expect(grouper.group(of: row) == (.process(100), "cat"))
        grouper.note(.process(ProcessFacts(timeNs: 1, pid: 100, name: "cat -v", package: "org.cat")))
        grouper.settle()
        #expect(grouper.group(of: row) == (.process(100), "cat -v"))
        #expect(grouper.group(of: fault(1)) == (.process(100), "cat -v"))
    }

    @Test(arguments: [FaultGrouping.process, .thread, .package])
    func `an empty name is none`(grouping: FaultGrouping) {
        var row = row(100, minorWrite, count: 1)
        row.comm = ""
        #expect(FaultGrouper(grouping, kernel: nil).group(of: row).name == nil)
    }

    @Test func `a main thread goes by the name that it has taken since its row was opened`() {
        var grouper = FaultGrouper(.thread, kernel: nil)
        var other = row(100, minorWrite, count: 1)
        other.tid = 101
        var main = other
        main.tid = 100
        #expect(grouper.group(of: main) == (.thread(100, of: 100), "cat"))
        grouper.note(.executed(Executed(timeNs: 1, pid: 100, name: "less")))
        grouper.settle()
        #expect(grouper.group(of: main) == (.thread(100, of: 100), "less"))
        #expect(grouper.group(of: other) == (.thread(101, of: 100), "cat"))
    }

    @Test func `a package stands for its processes, and a process without one for itself`() {
        var grouper = FaultGrouper(.package, kernel: nil)
        #expect(grouper.group(of: row(100, minorWrite, count: 1)).name == "cat")
        grouper.note(.process(ProcessFacts(timeNs: 1, pid: 100, name: "cat:remote", package: "org.cat")))
        grouper.note(.process(ProcessFacts(timeNs: 1, pid: 101, name: "init")))
        grouper.settle()
        #expect(grouper.group(of: row(100, minorWrite, count: 1)).id == .named("org.cat"))
        #expect(grouper.group(of: row(101, minorWrite, count: 1)).id == .named("init"))
    }

    @Test func `a mapping goes by its name, or by what it is`() {
        var grouper = FaultGrouper(.mapping, kernel: nil)
        let mappings = [
            MemoryMapping(start: 0x1000, end: 0x3000, kind: .filePrivate, name: "/lib/libc.so"),
            MemoryMapping(start: 0x3000, end: 0x4000, kind: .anonymous),
        ]
        grouper.note(.mappings(Mappings(timeNs: 1, pid: 100, list: mappings)))
        var faults = [0x2fff, 0x3000, 0x9000].map { fault(2, address: $0) }
        grouper.explain(&faults)
        #expect(faults.map { grouper.group(of: $0).name } == ["/lib/libc.so", "[anon]", nil])
        #expect(grouper.takeUnexplained() == [100])
    }
}
