import CFaultRecord
import CLinux
import FaultModel
import Testing

@testable import FaultProbe

/// What a ring had no room for.
struct RingLossTests {
    private let a: UInt64 = 0x10000
    private let b: UInt64 = 0x20000

    private func losses(_ ring: FakeRing) -> LossReport? { ring.records.pointee.tally.newLosses(cpu: 0) }

    @Test func `lost faults lie between their neighbours`() throws {
        let rig = try Rig(waitsForEnd: false)
        rig.faults[0].fault(8, at: 10, a)
        rig.faults[0].lost(5, at: 30)
        rig.faults[0].fault(8, at: 30, b)
        #expect(losses(rig.faults[0]) == nil)
        #expect(rig.drain().count == 2)
        #expect(losses(rig.faults[0]) == LossReport(cpu: 0, count: 5, firstNs: 10, lastNs: 30))
        #expect(losses(rig.faults[0]) == nil)
    }

    @Test func `losses are told once, with the newest burst`() throws {
        let rig = try Rig(waitsForEnd: false)
        for time in [10, 1000, 90_000_000] as [UInt64] {
            rig.faults[0].fault(8, at: time, a)
            rig.faults[0].lost(5, at: time + 100)
        }
        _ = rig.drain()
        #expect(losses(rig.faults[0]) == LossReport(cpu: 0, count: 15, firstNs: 90_000_000, lastNs: 90_000_100))
        rig.faults[0].lost(1, at: 90_000_200)
        _ = rig.drain()
        #expect(losses(rig.faults[0])?.count == 1)
    }

    // MARK: Outcomes

    @Test func `a fault whose end may be lost is unknown and not failed`() throws {
        let rig = try Rig()
        rig.outcomes[0].minor(9, at: 5, a)
        rig.faults[0].fault(8, at: 10, a)
        rig.faults[0].fault(8, at: 20, b)
        rig.outcomes[0].lost(1, at: 40)
        rig.outcomes[0].minor(9, at: 40, a)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_UNKNOWN)])
        rig.faults[0].fault(8, at: 50, a)
        rig.faults[0].fault(8, at: 60, b)
        rig.tasks[0].exit(7, 8, at: 70)
        #expect(
            rig.drain() == [
                Seen(8, b, FAULT_OUTCOME_UNKNOWN), Seen(8, a, FAULT_OUTCOME_FAILED), Seen(8, b, FAULT_OUTCOME_FAILED),
            ])
    }

    @Test func `an event with a longer trailer tells of losses as well`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 10, a)
        rig.faults[0].fault(8, at: 20, b)
        rig.outcomes[0].lost(1, at: 30, extra: [3])
        rig.outcomes[0].major(8, at: 30, b)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_UNKNOWN), Seen(8, b, FAULT_OUTCOME_MAJOR, 10)])
    }

    @Test func `while a ring of outcomes is full, nobody is said to have failed`() throws {
        let rig = try Rig()
        for time in 1...UInt64(127) { rig.outcomes[0].minor(99, at: time, a) }
        rig.faults[1].fault(8, at: 200, a)
        rig.faults[1].fault(8, at: 300, b)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_UNKNOWN)])
        rig.faults[1].fault(8, at: 400, a)
        #expect(rig.drain() == [Seen(8, b, FAULT_OUTCOME_UNKNOWN)])
        rig.outcomes[0].minor(99, at: 410, a)  // nothing was lost after all
        rig.faults[1].fault(8, at: 500, b)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_FAILED)])
    }

    @Test func `other rings may lose what they like`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 10, a)
        rig.faults[0].lost(4, at: 20)
        rig.tasks[0].lost(4, at: 20)
        rig.faults[0].fault(8, at: 20, b)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_FAILED)])
    }

    // MARK: Threads

    @Test func `after lost forks and names all are asked for again`() throws {
        let rig = try Rig(waitsForEnd: false)
        rig.facts.names[8] = "old"
        rig.facts.users[8] = 1
        rig.faults[0].fault(8, at: 10, a)
        _ = rig.drain()
        rig.facts.names[8] = "new"
        rig.facts.users[8] = 2
        rig.faults[0].fault(8, at: 11, a)
        _ = rig.drain()
        rig.tasks[0].lost(3, at: 20)
        rig.faults[0].fault(8, at: 21, a)
        _ = rig.drain()
        #expect(rig.output.records.map(\.name) == ["old", "old", "new"])
        #expect(rig.output.records.map(\.uid) == [1, 1, 2])
        #expect(rig.reader.lostTasks == 3)
    }

    @Test func `a full ring with nothing behind it may hide losses`() throws {
        let rig = try Rig(waitsForEnd: false)
        let ring = rig.faults[0]
        while ring.free >= 128 { ring.fault(8, at: 1, a) }
        _ = rig.drain()
        #expect(ring.records.pointee.mayHideLosses)
        ring.fault(8, at: 2, a)
        _ = rig.drain()
        #expect(!ring.records.pointee.mayHideLosses)
    }

    /// Nothing may come on an idle CPU for hours.
    @Test func `that is taken once, and not for as long as nothing comes`() throws {
        let rig = try Rig(waitsForEnd: false)
        let ring = rig.faults[0]
        while ring.free >= 128 { ring.fault(8, at: 1, a) }
        _ = rig.drain()
        let first = ring.records.pointee.takeMayHideLosses()
        _ = rig.drain()
        let second = ring.records.pointee.takeMayHideLosses()
        #expect(first && !second)
    }

    @Test func `also one that filled up while it was read`() throws {
        let rig = try Rig(waitsForEnd: false)
        let ring = rig.faults[0]
        for _ in 0..<60 { ring.fault(8, at: 1, a) }
        rig.output.onRecord = { while ring.free >= 128 { ring.fault(8, at: 1, a) } ; rig.output.onRecord = nil }
        #expect(rig.drain().count == 60)
        #expect(rig.drain().count == ring.tail / 40 - 60)
        #expect(ring.records.pointee.mayHideLosses)
    }
}
