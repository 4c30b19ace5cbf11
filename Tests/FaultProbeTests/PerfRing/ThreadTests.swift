import CFaultRecord
import FaultModel
import Testing

@testable import FaultProbe

/// Whose fault it is.
struct ThreadTests {
    /// Names and users in the order of the faults.
    private func owners(_ rig: Rig) -> [String] {
        _ = rig.drain()
        return rig.output.records.map { "\($0.name) \(Int32(bitPattern: $0.uid))" }
    }

    @Test func `a thread from before the trace is asked for at its first fault`() throws {
        let rig = try Rig(waitsForEnd: false)
        (rig.facts.names[8], rig.facts.users[8]) = ("main", 1000)
        for time in 1...UInt64(5) { rig.faults[0].fault(8, at: time, 0x1000) }
        #expect(owners(rig) == Array(repeating: "main 1000", count: 5))
        #expect(rig.facts.asked == [8])
    }

    @Test func `one that is gone has no name, and nobody's user`() throws {
        let rig = try Rig(waitsForEnd: false)
        rig.faults[0].fault(8, at: 1, 0x1000)
        #expect(owners(rig) == [" -1"])
    }

    @Test func `a child that is gone has its parent's, and its own new name`() throws {
        let rig = try Rig(waitsForEnd: false)
        (rig.facts.names[8], rig.facts.users[8]) = ("sh", 1000)
        rig.tasks[0].fork(20, 20, by: (8, 8), at: 1)
        rig.faults[1].fault(20, pid: 20, at: 2, 0x1000)
        rig.tasks[0].comm(20, 20, "ls", exec: true, at: 3)
        rig.faults[1].fault(20, pid: 20, at: 4, 0x1000)
        rig.tasks[0].exit(20, 20, at: 5)
        #expect(owners(rig) == ["sh 1000", "ls 1000"])
    }

    @Test func `a thread has its creator's, unasked`() throws {
        let rig = try Rig(waitsForEnd: false)
        (rig.facts.names[8], rig.facts.users[8]) = ("app", 1000)
        rig.faults[0].fault(8, pid: 8, at: 1, 0x1000)
        rig.tasks[0].fork(8, 9, by: (8, 8), at: 2)
        rig.faults[0].fault(9, pid: 8, at: 3, 0x1000)
        rig.tasks[0].comm(8, 9, "worker", at: 4)
        rig.faults[0].fault(9, pid: 8, at: 5, 0x1000)
        #expect(owners(rig) == ["app 1000", "app 1000", "worker 1000"])
        #expect(rig.facts.asked == [8])
    }

    @Test func `a process is asked for its user when it was born, renamed or changed its program`() throws {
        let rig = try Rig(waitsForEnd: false)
        (rig.facts.names[8], rig.facts.users[8]) = ("zygote", 0)
        rig.facts.users[20] = 0
        rig.tasks[0].fork(20, 20, by: (8, 8), at: 1)
        rig.faults[0].fault(20, pid: 20, at: 2, 0x1000)
        #expect(owners(rig) == ["zygote 0"])
        rig.facts.users[20] = 10_123
        rig.tasks[0].comm(20, 20, "app", at: 3)
        rig.faults[0].fault(20, pid: 20, at: 4, 0x1000)
        #expect(owners(rig).last == "app 10123")
        #expect(rig.facts.asked == [8, 20, 20])
    }

    @Test func `and when its user has grown old`() throws {
        let rig = try Rig(waitsForEnd: false)
        (rig.facts.names[8], rig.facts.users[8]) = ("daemon", 0)
        rig.faults[0].fault(8, at: 1, 0x1000)
        _ = rig.drain()
        rig.facts.users[8] = 5
        rig.faults[0].fault(8, at: FaultJoiner.userAgeNs, 0x1000)
        rig.faults[0].fault(8, at: FaultJoiner.userAgeNs + 1, 0x1000)
        #expect(owners(rig) == ["daemon 0", "daemon 0", "daemon 5"])
    }

    @Test func `a number that comes back is somebody else`() throws {
        let rig = try Rig(waitsForEnd: false)
        (rig.facts.names[8], rig.facts.users[8]) = ("first", 1)
        rig.faults[0].fault(8, pid: 7, at: 1, 0x1000)
        _ = rig.drain()
        (rig.facts.names[8], rig.facts.users[8]) = ("second", 2)
        rig.tasks[0].exit(7, 8, at: 2)
        rig.faults[0].fault(8, pid: 7, at: 3, 0x1000)
        _ = rig.drain()
        (rig.facts.names[8], rig.facts.users[8]) = ("third", 3)
        rig.faults[0].fault(8, pid: 6, at: 4, 0x1000)  // its EXIT was lost
        #expect(owners(rig) == ["first 1", "second 2", "third 3"])
    }

    // MARK: The table

    @Test func `the table keeps what was put into it, and nothing of the dead`() {
        var chance = Chance(seed: 9)
        var table = ThreadTable(capacity: 16)
        var plain: [UInt32: UInt64] = [:]
        for step in 0..<UInt64(20000) {
            let tid = UInt32(chance.below(3000)) + 1
            if chance.below(3) == 0 {
                table.remove(tid)
                plain[tid] = nil
            } else {
                let thread = table.claim(tid)
                (thread.pointee.record.time_ns, thread.pointee.isNamed) = (step, true)
                plain[tid] = step
            }
            #expect(table.count == plain.count)
        }
        for tid in 0...UInt32(3001) { #expect(table.find(tid)?.pointee.record.time_ns == plain[tid]) }
        var seen = 0
        table.forEach { _ in seen += 1 }
        #expect(seen == plain.count)
    }

    @Test func `a growing table forgets threads of which nothing is known`() {
        var table = ThreadTable(capacity: 16)
        for tid in 1...UInt32(9) { table.claim(tid).pointee.isNamed = tid % 2 == 0 }
        table.claim(1).pointee.isPending = true
        _ = table.claim(10)
        #expect((1...10).filter { table.find($0) != nil } == [1, 2, 4, 6, 8, 10])
    }
}
