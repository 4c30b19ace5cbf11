import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct FaultStatisticsTests {
    @Test func `totals tell mode, access and the time span, whatever the order of coming`() {
        var statistics = FaultStatistics()
        statistics.add(fault(30))
        statistics.add(fault(10, traits: kernelRead, code: .x86(0)))
        statistics.add(fault(20, traits: userExecuteMinor, code: .x86(0x14)))
        statistics.add(fault(25, traits: 0, code: nil))

        let totals = statistics.totals
        #expect(totals.events == 4)
        #expect((totals.user, totals.kernel) == (2, 1))
        #expect((totals.read, totals.write, totals.execute) == (1, 1, 1))
        #expect((totals.firstNs, totals.lastNs) == (10, 30))
    }

    @Test func `processes come by number of faults and then by id`() {
        var statistics = FaultStatistics()
        for pid: UInt32 in [9, 7, 8, 7] { statistics.add(fault(1, pid: pid)) }
        #expect(statistics.processes().map(\.pid) == [7, 8, 9])
        #expect(statistics.processes(top: 1).map(\.counts.events) == [2])
    }

    @Test func `the main thread names the process once it has faulted`() {
        var statistics = FaultStatistics()
        statistics.add(fault(1, pid: 5, tid: 6, comm: Array("worker".utf8)))
        #expect(statistics.processes()[0].comm.text == "worker")
        statistics.add(fault(2, pid: 5, comm: Array("com.example".utf8)))
        statistics.add(fault(3, pid: 5, tid: 6, comm: Array("worker".utf8)))
        #expect(statistics.processes()[0].comm.text == "com.example")
    }

    @Test func `processes past the limit are counted together`() throws {
        var statistics = FaultStatistics(processLimit: 2)
        for pid: UInt32 in 1...5 { statistics.add(fault(UInt64(pid), pid: pid)) }
        statistics.add(fault(9, pid: 1))

        #expect(statistics.processCount == 2)
        let others = try #require(statistics.otherProcesses)
        #expect(others.events == 3)
        #expect((others.firstNs, others.lastNs) == (3, 5))
        #expect(statistics.totals.events == 6)
    }

    @Test func `a hundred thousand processes keep their own counts`() {
        var statistics = FaultStatistics(processLimit: 1 << 17)
        for round: UInt32 in 0..<2 {
            for pid: UInt32 in 1...100_000 { statistics.add(fault(UInt64(round), pid: pid &* 65_537)) }
        }
        #expect(statistics.processCount == 100_000)
        #expect(statistics.processes().allSatisfy { $0.counts.events == 2 })
    }

    @Test func `kinds combine mode, access and presence, whatever the code and the outcome`() {
        var statistics = FaultStatistics()
        statistics.add(fault(1, traits: userWrite, code: .x86(6)))
        statistics.add(fault(2, traits: userWrite | 1 << 6, code: .x86(0x26)))
        statistics.add(fault(3, traits: 0, code: nil))

        let kinds = statistics.byKind
        #expect(kinds.map(\.events) == [2, 1])
        #expect(kinds[0].mode == .user && kinds[0].access == .write && kinds[0].present == false)
        #expect(kinds[1].mode == nil && kinds[1].access == nil && kinds[1].present == nil)
    }

    @Test func `each flag of x86 and of the syndrome register is counted under its own name`() {
        var statistics = FaultStatistics()
        statistics.add(fault(1, code: .x86(0x7)))
        statistics.add(fault(2, code: .x86(0x4)))
        statistics.add(fault(3, code: .x86(1 << 31)))
        statistics.add(fault(4, code: .esr(0x9200_0046)))
        statistics.add(fault(5, code: nil))

        let flags = Dictionary(uniqueKeysWithValues: statistics.byFlag.map { ("\($0.codeKind) \($0.name)", $0.events) })
        #expect(
            flags == [
                "x86 P": 1, "x86 W": 1, "x86 U": 2, "x86 RMP": 1,
                "esr EL0": 1, "esr DABT": 1, "esr TRANSLATION": 1, "esr WnR": 1,
            ])
        #expect(statistics.byFlag[0].name == "U")
    }

    @Test func `more error codes than are kept apart lose their flags and nothing else`() {
        var statistics = FaultStatistics()
        for code: UInt64 in 0..<5000 { statistics.add(fault(code, code: .x86(code << 8))) }
        #expect(statistics.totals.events == 5000)
        #expect(statistics.totals.write == 5000)
        #expect(statistics.byKind.map(\.events) == [5000])
        #expect(statistics.eventsWithoutFlags == 5000 - 1024)
    }

    @Test func `gaps are all counted and the first are kept`() {
        var statistics = FaultStatistics()
        for time: UInt64 in 1...2000 {
            statistics.add(Lost(cpu: 1, count: 3, firstNs: time, lastNs: time))
        }
        #expect(statistics.losses.total == 6000)
        #expect(statistics.losses.gapCount == 2000)
        #expect(statistics.losses.gaps.map(\.firstNs) == Array(1...UInt64(LossLedger.gapLimit)))
    }

    @Test func `a rate over no time is zero`() {
        #expect(FaultRate.perSecond(5, overNs: 0) == 0)
        #expect(FaultRate.perSecond(5, overNs: 2_000_000_000) == 2.5)
    }
}
