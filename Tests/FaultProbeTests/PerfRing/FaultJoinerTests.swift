import CFaultRecord
import FaultModel
import Testing

@testable import FaultProbe

/// From a beginning and an end, one fault.
struct FaultJoinerTests {
    private let a: UInt64 = 0x7f00_0001_0000
    private let b: UInt64 = 0x7f00_0002_0000

    // MARK: Ends

    @Test func `an end makes its thread's fault whole`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 100, a + 0x123)
        rig.faults[1].fault(9, at: 110, b)
        rig.outcomes[1].minor(9, at: 130, b)
        rig.outcomes[0].major(8, at: 5_000_100, a + 0x123)
        #expect(rig.drain() == [Seen(9, b, FAULT_OUTCOME_MINOR, 20), Seen(8, a + 0x123, FAULT_OUTCOME_MAJOR, 5_000_000)])
        #expect(rig.output.records.map(\.time_ns) == [110, 100])
    }

    @Test func `a fault may end on another CPU and in another drain`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 100, a)
        #expect(rig.drain().isEmpty)
        rig.outcomes[1].minor(8, at: 130, a)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_MINOR, 30)])
        #expect(rig.output.records[0].cpu == 0)
    }

    @Test func `no fault is over before it began`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 100, a)
        #expect(rig.joiner.ended(tid: 8, timeNs: 100, address: a, outcome: FAULT_OUTCOME_MINOR))
        #expect(rig.drain().isEmpty)
        #expect(rig.joiner.ended(tid: 8, timeNs: 100, address: a, outcome: FAULT_OUTCOME_MINOR))
        #expect(rig.output.records.map(\.latency_ns) == [1])
    }

    @Test func `a kernel may round the address down`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 100, a + 0xffff)
        rig.outcomes[0].minor(8, at: 130, a)
        #expect(rig.drain() == [Seen(8, a + 0xffff, FAULT_OUTCOME_MINOR, 30)])
    }

    @Test func `an end elsewhere belongs to a fault that was lost`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 100, a)
        rig.outcomes[0].minor(8, at: 130, a + 0x10000)
        rig.outcomes[0].minor(77, at: 140, a)
        #expect(rig.drain().isEmpty)
        rig.outcomes[0].minor(8, at: 150, a)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_MINOR, 50)])
        rig.outcomes[0].minor(8, at: 160, a)
        #expect(rig.drain().isEmpty)
    }

    // MARK: No end

    @Test func `a thread that faults again has failed before`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 100, a)
        rig.faults[0].fault(8, at: 200, a)
        rig.outcomes[0].minor(8, at: 210, a)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_FAILED), Seen(8, a, FAULT_OUTCOME_MINOR, 10)])
    }

    @Test func `a thread that exits has failed before`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 100, a)
        rig.tasks[1].exit(7, 8, at: 300)
        rig.tasks[1].exit(7, 9, at: 300)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_FAILED)])
    }

    @Test func `a thread that renames itself has failed before, under its old name`() throws {
        let rig = try Rig()
        rig.tasks[0].comm(7, 8, "old", at: 50)
        rig.faults[0].fault(8, at: 100, a)
        rig.tasks[0].comm(7, 8, "new", at: 200)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_FAILED)])
        #expect(rig.output.records[0].name == "old")
    }

    @Test func `one that another thread renames may still be in its fault`() throws {
        let rig = try Rig()
        rig.faults[0].fault(8, at: 100, a)
        rig.tasks[0].comm(7, 8, "new", by: 9, at: 200)
        rig.outcomes[0].major(8, at: 300, a)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_MAJOR, 200)])
    }

    @Test func `what has not ended at the end is unknown, and comes out once`() throws {
        let rig = try Rig()
        rig.output.pauseEvery = 1
        for tid in 1...UInt32(3) { rig.faults[0].fault(tid, at: UInt64(tid), a) }
        #expect(rig.drain().isEmpty)
        rig.joiner.flush()
        rig.joiner.flush()
        #expect(rig.output.records.map { Seen($0) }.sorted { $0.tid < $1.tid } == (1...3).map { Seen($0, a, FAULT_OUTCOME_UNKNOWN) })
    }

    @Test func `without outcomes each fault is handed out at once`() throws {
        let rig = try Rig(waitsForEnd: false)
        rig.faults[0].fault(8, at: 100, a)
        rig.faults[0].fault(8, at: 200, b)
        #expect(rig.drain() == [Seen(8, a, FAULT_OUTCOME_UNKNOWN), Seen(8, b, FAULT_OUTCOME_UNKNOWN)])
    }

    @Test(arguments: [0, UInt32.max])
    func `threads without an id are not mixed up`(tid: UInt32) throws {
        let rig = try Rig()
        rig.faults[0].fault(tid, pid: tid, at: 100, a)
        rig.faults[0].fault(tid, pid: tid, at: 200, b)
        rig.outcomes[0].minor(tid, pid: tid, at: 210, a)
        rig.tasks[0].exit(tid, tid, at: 300)
        #expect(rig.drain() == [Seen(tid, a, FAULT_OUTCOME_UNKNOWN), Seen(tid, b, FAULT_OUTCOME_UNKNOWN)])
        #expect(rig.output.records.allSatisfy { $0.uid == .max && $0.name.isEmpty })
        #expect(rig.facts.asked.isEmpty)
    }
}
