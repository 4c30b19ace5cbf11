import CFaultRecord
import Testing
import WireProtocol

/// What an event costs on the wire. The kernel's record has 64 bytes.
struct BatchSizeTests {
    /// A thread that touches memory in one of the ways that programs do.
    private struct Worker {
        enum Habit: CaseIterable { case heap, stack, sequential, file, anywhere }

        let habit: Habit
        var record: fault_record
        private let ips: [UInt64]

        init(number: UInt32, habit: Habit, _ chance: inout Chance) {
            self.habit = habit
            let base = 0x7000_0000_0000 + chance.below(1 << 30) << 12
            ips = (0..<60).map { _ in 0x5500_0000_0000 + chance.below(1 << 22) }
            record = fault_record(
                0, address: base, ip: ips[0], code: (FAULT_ERROR_X86, 6), traits: 0x19, pid: 4000 + number / 4,
                tid: 4000 + number, uid: 10_000 + number / 4, comm: "Thread-\(number)")
        }

        mutating func fault(at time: UInt64, _ chance: inout Chance) -> fault_record {
            record.time_ns = time
            record.address = next(&chance)
            // Most code that faults is a few instructions: memcpy, memset, the allocator, a loop.
            record.ip = ips[Int(chance.below(chance.once(in: 4) ? 60 : 4))]
            if chance.once(in: 20) { record.cpu = UInt16(chance.below(8)) }
            let isRead = chance.once(in: habit == .file ? 2 : 9)
            (record.error_code, record.traits) = isRead ? (4, 0x15) : (6, 0x19)
            return record
        }

        private func next(_ chance: inout Chance) -> UInt64 {
            switch habit {
            case .heap: chance.once(in: 3) ? record.address &+ 4096 : record.address &+ chance.below(64) << 12 &- 0x20000
            case .stack: record.address &- 4096 &+ (chance.below(3) << 3)
            case .sequential: record.address &+ 4096
            case .file: record.address &+ (chance.below(16) << 12)
            case .anywhere: 0x7000_0000_0000 + chance.below(1 << 22) << 12 + chance.below(4096)
            }
        }
    }

    private func mixed(_ count: Int, threads: UInt32, seed: UInt64) -> [fault_record] {
        var chance = Chance(seed: seed)
        var workers = (0..<threads).map { number in
            Worker(number: number, habit: Worker.Habit.allCases[Int(number) % 5], &chance)
        }
        var time: UInt64 = 1_000_000_000_000
        return (0..<count).map { _ in
            time += 200 + chance.below(4000)
            return workers[Int(chance.below(UInt64(threads)))].fault(at: time, &chance)
        }
    }

    private func bytesPerEvent(_ records: [fault_record]) throws -> Double {
        let frames = encodedBatches(records)
        #expect(try decoded(frames) == records.map(\.fault))
        return Double(frames.reduce(0) { $0 + $1.count }) / Double(records.count)
    }

    @Test(arguments: [1, 5, 20, 60] as [UInt32])
    func `an event of a mixed workload takes at most 16 bytes`(threads: UInt32) throws {
        #expect(try bytesPerEvent(mixed(20_000, threads: threads, seed: UInt64(threads))) <= 16)
    }

    @Test func `an event of one loop over fresh memory takes at most four bytes`() throws {
        var chance = Chance(seed: 3)
        var record = fault_record(1, address: 0x7000_0000_0000, ip: 0x5500_0000_1234, code: (FAULT_ERROR_X86, 6))
        #expect(try bytesPerEvent((0..<10_000).map { _ in
            record.move(to: record.address + 4096, after: 300 + chance.below(200))
            return record
        }) <= 4)
    }

    @Test func `a thread is defined once in its batch, however many there are`() {
        let ids = (0..<1000).map { UInt32($0) * 65_536 }
        let records = (0..<4).flatMap { round in
            ids.map { fault_record(UInt64(round), address: 0, ip: 0, pid: $0, tid: $0, comm: "Thread") }
        }
        let once = encodedBatch(Array(records.prefix(1000))).count
        // Tag, time and two bytes of the thread's number.
        #expect(encodedBatch(records).count - once <= 3000 * 4)
    }
}
