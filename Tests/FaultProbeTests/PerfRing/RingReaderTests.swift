import CFaultRecord
import CLinux
import FaultModel
import Testing

@testable import FaultProbe

/// Records out of rings: where they lie, in which order they are read, what is left for later.
struct RingReaderTests {
    @Test(arguments: [0, 8, 4096 - 16, 4096 - 40, 1 << 40, Int(Int64.max) / 8 * 8 - 4096])
    func `a record says the same wherever it lies, also around the ring's end`(start: Int) throws {
        let rig = try Rig(start: start)
        for index in 0..<UInt64(4) {
            rig.tasks[1].comm(7, 8, "name-\(index)-longish", at: index * 10)
            rig.faults[1].fault(8, at: index * 10 + 1, 0x7000_0000 + index << 16, ip: 0x40 + index, misc: UInt16(1 + index % 2))
            rig.outcomes[1].major(8, at: index * 10 + 3, 0x7000_0000 + index << 16)
        }
        #expect(rig.drain() == (0..<4).map { Seen(8, 0x7000_0000 + $0 << 16, FAULT_OUTCOME_MAJOR, 2) })
        for (index, record) in rig.output.records.enumerated() {
            #expect((record.time_ns, record.ip) == (UInt64(index) * 10 + 1, 0x40 + UInt64(index)))
            #expect((record.pid, record.tid, record.cpu) == (7, 8, 1))
            #expect((record.error_kind, record.error_code) == (0, 0))
            #expect(record.mode == (index % 2 == 0 ? FAULT_MODE_KERNEL : FAULT_MODE_USER).rawValue)
            #expect(record.name == "name-\(index)-longish")
        }
    }

    @Test(arguments: ["", "a", "1234567", "12345678", "123456789012345"])
    func `a name has one word or two`(name: String) throws {
        let rig = try Rig(waitsForEnd: false)
        rig.tasks[0].comm(7, 8, name, at: 1)
        rig.faults[0].fault(8, at: 2, 0x1000)
        _ = rig.drain()
        #expect(rig.output.records.first?.name == name)
    }

    @Test(arguments: [(0, 0), (1, 2), (2, 1), (3, 0), (4, 0), (5, 0)] as [(UInt16, UInt32)])
    func `the mode is what the processor was in, or unknown`(misc: UInt16, mode: UInt32) throws {
        let rig = try Rig(waitsForEnd: false)
        rig.faults[0].fault(8, at: 2, 0x1000, misc: misc | 0x4000)
        _ = rig.drain()
        #expect(rig.output.records.first?.mode == mode)
    }

    @Test func `all rings are one stream in order of time`() throws {
        let rig = try Rig(waitsForEnd: false, bytes: 65536)
        var chance = Chance(seed: 1)
        for time in 1...UInt64(1000) { rig.faults[Int(chance.below(2))].fault(8, at: time, time << 12) }
        #expect(rig.drain().map(\.address) == (1...1000).map { $0 << 12 })
        #expect(rig.faults.allSatisfy { $0.free == 65536 })
    }

    @Test func `at one moment, what threads do comes first, then ends, then beginnings`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 10, 0x10000)
        rig.faults[0].fault(8, at: 20, 0x20000)
        rig.outcomes[1].minor(8, at: 20, 0x10000)
        rig.tasks[1].comm(7, 8, "early", at: 20)
        rig.outcomes[1].minor(8, at: 30, 0x20000)
        #expect(rig.drain() == [Seen(8, 0x10000, FAULT_OUTCOME_FAILED), Seen(8, 0x20000, FAULT_OUTCOME_MINOR, 10)])
        #expect(rig.output.records.map(\.name) == ["", "early"])
    }

    @Test func `what is later than the drain's beginning waits for the next one`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 10, 0x10000)
        rig.outcomes[0].minor(8, at: 12, 0x10000)
        rig.faults[1].fault(9, at: 11, 0x20000)
        #expect(rig.drain(until: 11).isEmpty)
        #expect(rig.outcomes[0].free == 4096 - 32)
        #expect(rig.drain(until: 12) == [Seen(8, 0x10000, FAULT_OUTCOME_MINOR, 2)])
        #expect(rig.outcomes[0].free == 4096)
    }

    @Test func `a pause leaves what has not been read, and loses nothing`() throws {
        let rig = try Rig(waitsForEnd: false)
        rig.output.pauseEvery = 3
        for time in 1...UInt64(8) { rig.faults[Int(time % 2)].fault(8, at: time, time << 12) }
        #expect(!rig.reader.drain(until: .max))
        #expect(rig.output.records.count == 3)
        #expect(rig.faults[0].free + rig.faults[1].free == 2 * 4096 - 5 * 40)
        #expect(!rig.reader.drain(until: .max))
        #expect(rig.reader.drain(until: .max))
        #expect(rig.output.records.map(\.time_ns) == Array(1...8))
    }

    @Test func `unknown records are passed over`() throws {
        let rig = try Rig(waitsForEnd: false)
        for ring in [rig.tasks[0], rig.outcomes[0], rig.faults[0]] { ring.strange(at: 1) }
        rig.faults[0].fault(8, at: 2, 0x1000)
        #expect(rig.drain().count == 1)
    }

    @Test func `a header that cannot be ends the ring's reading and not the reader's`() throws {
        let rig = try Rig(waitsForEnd: false)
        rig.faults[0].fault(8, at: 1, 0x1000)
        rig.faults[0].write(type: 9, [], size: 0)
        rig.faults[1].fault(8, at: 2, 0x2000)
        #expect(rig.drain().count == 2)
        rig.faults[0].fault(8, at: 3, 0x3000)
        #expect(rig.drain().count == 1)
    }

    @Test func `a long drain gives room back on its way`() throws {
        let rig = try Rig(waitsForEnd: false)
        for time in 1...UInt64(100) { rig.faults[0].fault(8, at: time, time << 12) }
        rig.output.pauseEvery = 60
        let tail = rig.faults[0].tail
        var tails: Set<Int> = []
        rig.output.onRecord = { [ring = rig.faults[0]] in tails.insert(ring.tail - tail) }
        _ = rig.reader.drain(until: .max)
        #expect(tails == [0, 26 * 40, 52 * 40])
    }

    @Test func `a thousand rings are read in order too`() {
        var heap = RingHeap(capacity: 1000)
        let rings = (0..<1000).map { _ in FakeRing(.faults) }
        var chance = Chance(seed: 3)
        var times: [UInt64] = []
        for ring in rings {
            for time in (0..<5).map({ _ in chance.below(1 << 40) }).sorted() {
                ring.fault(8, at: time, 0x1000)
                times.append(time)
            }
            ring.records.pointee.refresh()
            heap.insert(ring.records)
        }
        var seen: [UInt64] = []
        while let ring = heap.first {
            seen.append(ring.pointee.key >> 2)
            ring.pointee.advance()
            heap.settleFirst(stays: !ring.pointee.isEmpty)
        }
        #expect(seen == times.sorted())
        withExtendedLifetime(rings) {}
    }
}
