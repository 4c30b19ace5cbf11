import CFaultRecord
import FaultModel
import Testing

@testable import FaultProbe

/// The filter in user space says what the one in the kernel says.
struct RecordFilterTests {
    private typealias Change = (inout FaultFilter) -> Void

    private func request(_ followedParent: UInt32? = nil, _ change: Change) -> ProbeRequest {
        var filter = FaultFilter()
        change(&filter)
        return ProbeRequest(source: .perfRing, filter: filter, ownPids: (11, 12, 13), followedParent: followedParent)
    }

    /// Whether a fault of process 7, thread 8, "Render", user 1000, in user mode, at 0x5000 is handed out.
    private func passes(mode: UInt16 = 2, pid: UInt32 = 7, _ change: Change) throws -> Bool {
        let rig = try Rig(waitsForEnd: false, request(nil, change))
        (rig.facts.names[8], rig.facts.users[8]) = ("Render", 1000)
        rig.faults[0].fault(8, pid: pid, at: 1, 0x5000, misc: mode)
        return rig.drain().count == 1
    }

    @Test func `by process`() throws {
        #expect(try passes { _ in })
        #expect(try passes { $0.pids = [7, 9] })
        #expect(try !passes { $0.pids = [8] })
        #expect(try !passes { $0.excludedPids = [7] })
        #expect(try passes { $0.excludedPids = [8] })
        #expect(try !passes { ($0.pids, $0.excludedPids) = ([7], [7]) })
        #expect(try !passes(pid: 11) { _ in })
        #expect(try !passes(pid: 12) { $0.pids = [12] })
    }

    @Test func `by user`() throws {
        #expect(try passes { $0.uids = [1000] })
        #expect(try !passes { $0.uids = [0] })
        #expect(try !passes { $0.excludedUids = [1000] })
        #expect(try passes { $0.excludedUids = [0] })
    }

    @Test func `by name`() throws {
        #expect(try passes { $0.comms = ["x", "Ren*"] })
        #expect(try !passes { $0.comms = ["ren*"] })
        #expect(try !passes { $0.excludedComms = ["*er"] })
        #expect(try passes { ($0.comms, $0.excludedComms) = (["?ender"], ["y"]) })
    }

    @Test func `by address and mode`() throws {
        #expect(try passes { $0.addresses = 0x5000..<0x5001 })
        #expect(try !passes { $0.addresses = 0x4000..<0x5000 })
        #expect(try !passes { $0.addresses = 0x5001..<0x6000 })
        #expect(try passes { $0.modes = [.user] })
        #expect(try !passes { $0.modes = [.kernel] })
        #expect(try passes(mode: 1) { $0.modes = [.kernel] })
        #expect(try !passes(mode: 3) { $0.modes = [.user, .kernel] })
    }

    @Test func `what the source cannot tell passes only a filter that does not ask`() throws {
        #expect(try !passes { $0.accesses = [.read, .write, .execute] })
        #expect(try !passes { $0.present = false })
    }

    @Test func `one in N, on each CPU`() throws {
        let rig = try Rig(waitsForEnd: false, request { $0.sampleEvery = 3 })
        for time in 1...UInt64(10) { rig.faults[Int(time % 2)].fault(8, at: time, time << 12) }
        #expect(rig.drain().map { $0.address >> 12 } == [1, 2, 7, 8])
    }

    @Test func `by thread`() throws {
        #expect(try passes { $0.tids = [8] })
        #expect(try !passes { $0.tids = [7, 9] })
        #expect(try !passes { ($0.tids, $0.excludedPids) = ([8], [7]) })
    }

    // MARK: What is known at the end

    /// Three faults, minor after 10 ns, major after 1000, and one that fails: the latencies of those that pass.
    private func ended(_ change: Change) throws -> [UInt64] {
        let rig = try Rig(request(nil, change))
        rig.faults[0].fault(8, at: 100, 0x10000)
        rig.outcomes[0].minor(8, at: 110, 0x10000)
        rig.faults[0].fault(8, at: 200, 0x20000)
        rig.outcomes[0].major(8, at: 1200, 0x20000)
        rig.faults[0].fault(8, at: 2000, 0x30000)
        rig.tasks[0].exit(7, 8, at: 2010)
        return rig.drain().map(\.latency)
    }

    @Test func `by outcome`() throws {
        #expect(try ended { _ in } == [10, 1000, 0])
        #expect(try ended { $0.outcomes = [.minor] } == [10])
        #expect(try ended { $0.outcomes = [.major, .failed] } == [1000, 0])
    }

    @Test func `by latency, which a fault that nobody saw end does not have`() throws {
        #expect(try ended { $0.minimumLatencyNs = 10 } == [10, 1000])
        #expect(try ended { $0.minimumLatencyNs = 11 } == [1000])
        #expect(try ended { $0.minimumLatencyNs = 1001 } == [])
    }

    @Test func `what is under way at the end passes only a filter that does not ask how it ends`() throws {
        for (outcomes, count) in [([], 1), ([.minor, .major, .failed], 0)] as [([FaultOutcome], Int)] {
            let rig = try Rig(request { $0.outcomes = outcomes })
            rig.faults[0].fault(8, at: 1, 0x1000)
            #expect(rig.drain().isEmpty)
            rig.joiner.flush()
            #expect(rig.output.records.count == count)
            #expect(rig.joiner.takeUndecided() == nil)
        }
    }

    @Test func `a fault whose end was lost is lost to a filter that asks for it`() throws {
        let rig = try Rig(request { $0.outcomes = [.major] })
        rig.faults[0].fault(8, at: 10, 0x10000)
        rig.outcomes[0].lost(1, at: 20)
        rig.faults[0].fault(8, at: 30, 0x20000)
        rig.outcomes[0].major(8, at: 40, 0x20000)
        #expect(rig.drain().map(\.latency) == [10])
        #expect(rig.joiner.takeUndecided() == LossReport(cpu: 0, count: 1, firstNs: 10, lastNs: 10))
        #expect(rig.joiner.takeUndecided() == nil)
    }

    // MARK: What counts those that have passed everything else

    @Test func `at most so many a second on each CPU, and the others are counted`() throws {
        let filter = RecordFilter(try KernelFilter(request { $0.rateLimit = 2 }, wakeAtBytes: 0))
        let second: UInt64 = 1_000_000_000
        let passed = [5, 6, 7, 5 + second - 1, 5 + second, 6, 7 + second, 8 + second].map { (time: UInt64) in
            var record = fault_record()
            (record.time_ns, record.traits) = (10 * second + time, 1)
            return filter.wants(ended: record)
        }
        #expect(passed == [true, true, false, false, true, true, false, false])
        #expect(filter.heldBack == 4)
        var elsewhere = fault_record()
        (elsewhere.time_ns, elsewhere.traits, elsewhere.cpu) = (7, 1, 3)
        #expect(filter.wants(ended: elsewhere))
    }

    @Test func `what sampling leaves out was not held back`() throws {
        let rig = try Rig(waitsForEnd: false, request { ($0.sampleEvery, $0.rateLimit) = (3, 2) })
        for time in 1...UInt64(10) { rig.faults[0].fault(8, at: time, time << 12) }
        #expect(rig.drain().map { $0.address >> 12 } == [1, 4])
    }

    @Test func `names agree with the kernel's loop`() throws {
        var chance = Chance(seed: 4)
        for _ in 0..<200 {
            let patterns = (0..<2).map { _ in String(decoding: (0..<chance.below(5)).map { _ in chance.pick("ab*?") }, as: UTF8.self) }
            let filter = RecordFilter(
                try KernelFilter(request { ($0.comms, $0.excludedComms) = ([patterns[0]], [patterns[1]]) }, wakeAtBytes: 0))
            let automaton = try CommAutomaton(include: [patterns[0]], exclude: [patterns[1]])
            for _ in 0..<20 {
                let name = (0..<chance.below(17)).map { _ in chance.pick("ab") }
                let comm = name + Array(repeating: 0, count: 16 - name.count)
                #expect(comm.withUnsafeBytes { filter.wants(user: 0, comm: $0.baseAddress!) } == automaton.passes(name))
            }
        }
    }

    // MARK: What changes

    @Test func `a thread that gets a wanted name or user is wanted from then on`() throws {
        let rig = try Rig(waitsForEnd: false, request { ($0.comms, $0.uids) = (["new"], [5]) })
        (rig.facts.names[7], rig.facts.users[7]) = ("old", 0)
        rig.faults[0].fault(7, at: 1, 0x1000)
        rig.tasks[0].comm(7, 7, "new", at: 2)
        rig.faults[0].fault(7, at: 3, 0x2000)
        #expect(rig.drain().isEmpty)
        rig.facts.users[7] = 5
        rig.faults[0].fault(7, at: FaultJoiner.userAgeNs + 10, 0x3000)
        rig.tasks[0].comm(7, 7, "old", at: FaultJoiner.userAgeNs + 20)
        rig.faults[0].fault(7, at: FaultJoiner.userAgeNs + 30, 0x4000)
        #expect(rig.drain().map(\.address) == [0x3000])
    }

    /// Faults of these processes, one each.
    private func seen(_ rig: Rig, _ pids: [UInt32], at time: UInt64) -> [UInt32] {
        for pid in pids { rig.faults[0].fault(pid, pid: pid, at: time, 0x1000) }
        return rig.drain().map(\.tid)
    }

    @Test func `a command's descendants are followed, and nobody else`() throws {
        let rig = try Rig(waitsForEnd: false, request(11) { _ in })
        (rig.facts.names[11], rig.facts.users[11]) = ("agent", 0)
        rig.tasks[0].fork(20, 20, by: (11, 11), at: 1)
        rig.tasks[0].fork(21, 21, by: (20, 20), at: 2)
        rig.tasks[0].fork(30, 30, by: (5, 5), at: 3)
        #expect(seen(rig, [11, 20, 21, 30, 5], at: 4) == [20, 21])
        #expect(rig.output.records.allSatisfy { $0.name == "agent" })
    }

    @Test func `threads share their group's mark, also after its leader is gone`() throws {
        let rig = try Rig(waitsForEnd: false, request(11) { _ in })
        rig.tasks[0].fork(20, 20, by: (11, 11), at: 1)
        rig.tasks[0].fork(20, 25, by: (20, 20), at: 2)
        rig.tasks[0].exit(20, 20, at: 3)
        rig.tasks[0].fork(26, 26, by: (20, 25), at: 4)
        rig.faults[0].fault(25, pid: 20, at: 5, 0x1000)
        #expect(rig.drain().map(\.tid) == [25])
        #expect(seen(rig, [26], at: 6) == [26])
    }

    @Test func `a number that comes back is not followed any more`() throws {
        let rig = try Rig(waitsForEnd: false, request { ($0.pids, $0.followsChildren) = ([20], true) })
        rig.tasks[0].fork(21, 21, by: (20, 20), at: 1)
        #expect(seen(rig, [20, 21], at: 2) == [20, 21])
        rig.tasks[0].exit(21, 21, at: 3)
        rig.tasks[0].fork(21, 21, by: (5, 5), at: 4)
        #expect(seen(rig, [20, 21], at: 5) == [20])
    }

    @Test func `selected processes without their children`() throws {
        let rig = try Rig(waitsForEnd: false, request { $0.pids = [20] })
        rig.tasks[0].fork(21, 21, by: (20, 20), at: 1)
        #expect(seen(rig, [20, 21], at: 2) == [20])
    }
}
