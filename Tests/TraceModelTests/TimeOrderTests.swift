import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct TimeOrderTests {
    /// What came out: times of faults as they are, gaps as negative times.
    private final class Record {
        var times: [Int] = []

        func take(_ piece: TimeOrder.Piece) {
            switch piece {
            case .faults(let faults): times += faults.map { Int($0.timeNs) }
            case .lost(let gap): times.append(-Int(gap.firstNs))
            }
        }
    }

    private let record = Record()

    private func gap(_ time: UInt64) -> Lost { Lost(cpu: 0, count: 1, firstNs: time, lastNs: time + 1) }

    @Test func `sorted faults go out up to the round's time, which is included`() {
        var order = TimeOrder()
        for time: UInt64 in [1, 2, 3, 4] { order.add(fault(time)) }
        order.release(untilNs: 3, to: record.take)
        #expect(record.times == [1, 2, 3])
        #expect(order.heldCount == 1)
        order.finish(to: record.take)
        #expect(record.times == [1, 2, 3, 4])
    }

    @Test func `the runs of many CPUs are merged, with what was kept from the round before`() {
        var order = TimeOrder()
        for time: UInt64 in [10, 40, 70, 11, 41, 12, 42, 90, 5] { order.add(fault(time)) }
        order.release(untilNs: 41, to: record.take)
        for time: UInt64 in [80, 60, 95, 50] { order.add(fault(time)) }
        order.release(untilNs: 80, to: record.take)
        order.finish(to: record.take)
        #expect(record.times == [5, 10, 11, 12, 40, 41, 42, 50, 60, 70, 80, 90, 95])
        #expect(order.lateFaults == 0)
    }

    @Test func `faults of one time stay in the order of their coming`() {
        var order = TimeOrder()
        for (time, cpu): (UInt64, UInt16) in [(5, 0), (9, 0), (5, 1), (5, 2), (1, 3)] {
            order.add(fault(time, cpu: cpu))
        }
        var cpus: [UInt16] = []
        order.finish { piece in
            if case .faults(let faults) = piece { cpus += faults.map(\.cpu) }
        }
        #expect(cpus == [3, 0, 1, 2, 0])
    }

    @Test func `input without any order comes out sorted and whole`() {
        var order = TimeOrder()
        var times: [UInt64] = []
        var state: UInt64 = 1
        for _ in 0..<3000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            times.append(state >> 44)
        }
        for time in times { order.add(fault(time)) }
        order.finish(to: record.take)
        #expect(record.times == times.sorted().map { Int($0) })
    }

    @Test func `gaps stand before the first fault that is not earlier`() {
        var order = TimeOrder()
        for time: UInt64 in [10, 20, 30] { order.add(fault(time)) }
        for time: UInt64 in [25, 5, 20, 99] { order.add(gap(time)) }
        order.release(untilNs: 25, to: record.take)
        #expect(record.times == [-5, 10, -20, 20, -25])
        order.finish(to: record.take)
        #expect(record.times == [-5, 10, -20, 20, -25, 30, -99])
    }

    @Test func `a gap among no faults goes out too`() {
        var order = TimeOrder()
        order.add(gap(7))
        order.release(untilNs: 7, to: record.take)
        #expect(record.times == [-7])
    }

    @Test func `what comes too late is handed out and counted`() {
        var order = TimeOrder()
        order.add(fault(10))
        order.release(untilNs: 10, to: record.take)
        order.add(fault(4))
        order.add(fault(10))
        order.add(fault(12))
        order.release(untilNs: 12, to: record.take)
        #expect(record.times == [10, 4, 10, 12])
        #expect(order.lateFaults == 1)
    }

    @Test func `past its limit the older half can be let go`() {
        var order = TimeOrder(limit: 4)
        for time: UInt64 in [4, 3, 2, 1] { order.add(fault(time)) }
        order.relieve(to: record.take)
        #expect(record.times.isEmpty)
        order.add(fault(5))
        order.relieve(to: record.take)
        #expect(record.times == [1, 2, 3])
        #expect(order.heldCount == 2)
    }

    @Test func `the latest time there can be goes out at the end`() {
        var order = TimeOrder()
        order.add(fault(.max >> 1))
        order.release(untilNs: 5, to: record.take)
        #expect(record.times.isEmpty)
        order.finish(to: record.take)
        #expect(record.times == [Int.max])
    }

    @Test func `an error of the taker comes back, and nothing goes out twice`() {
        struct Full: Error {}
        var order = TimeOrder()
        order.add(fault(1))
        #expect(throws: Full.self) {
            try order.finish { (_: TimeOrder.Piece) throws(Full) in throw Full() }
        }
        order.finish(to: record.take)
        #expect(record.times.isEmpty)
    }
}
