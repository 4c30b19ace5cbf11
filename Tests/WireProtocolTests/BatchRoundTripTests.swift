import CFaultRecord
import FaultModel
import Testing
import WireProtocol

/// Whatever the kernel records must come out at the other end as it was.
struct BatchRoundTripTests {
    /// What a random stream is made of.
    private struct Habits {
        var threads: UInt64 = 8
        var addressBits: UInt64 = 47
        var kinds: UInt64 = 5
        var renames: UInt64 = 50
        var goesBack = false
    }

    /// Records without any sense in them.
    private func records(_ count: Int, _ habits: Habits, seed: UInt64) -> [fault_record] {
        var chance = Chance(seed: seed)
        var records: [fault_record] = []
        var time = chance.next() >> 20
        var names: [UInt32: String] = [:]
        for _ in 0..<count {
            time = habits.goesBack ? chance.next() : time + chance.below(10_000)
            let tid = UInt32(chance.below(habits.threads)) &* 2048
            if chance.once(in: habits.renames) { names[tid] = "thread \(chance.below(99))" }
            records.append(record(time, tid, names[tid] ?? "", habits, &chance))
        }
        return records
    }

    private func record(
        _ time: UInt64, _ tid: UInt32, _ name: String, _ habits: Habits, _ chance: inout Chance
    ) -> fault_record {
        let kind = chance.below(habits.kinds)
        let address: UInt64 = switch chance.below(8) {
        case 0: 0
        case 1: .max - chance.below(3)
        default: chance.next() >> (64 - habits.addressBits)
        }
        return fault_record(
            time, address: address, ip: chance.once(in: 9) ? 0 : 0x40_0000 + chance.below(400) * 16,
            code: (fault_error_kind(UInt32(kind % 3)), kind % 3 == 0 ? 0 : chance.once(in: 99) ? .max - kind : kind),
            traits: UInt8(truncatingIfNeeded: kind), pid: tid / 2, tid: tid, uid: chance.once(in: 200) ? .max : 10_000,
            cpu: chance.once(in: 5) ? UInt16(chance.below(65536)) : 3, comm: name)
    }

    private func expectCarried(_ records: [fault_record], capacity: Int = 64 << 10) throws {
        let frames = encodedBatches(records, capacity: capacity)
        #expect(frames.allSatisfy { $0.count <= max(capacity, 4096) })
        #expect(try decoded(frames) == records.map(\.fault))
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `a random stream comes out as it went in`(seed: UInt64) throws {
        try expectCarried(records(2000, Habits(), seed: seed))
    }

    @Test(arguments: 0..<3 as Range<UInt64>)
    func `times and addresses may jump anywhere`(seed: UInt64) throws {
        try expectCarried(records(2000, Habits(addressBits: 64, goesBack: true), seed: seed))
    }

    @Test(arguments: 0..<3 as Range<UInt64>)
    func `more threads than a batch takes go into more batches`(seed: UInt64) throws {
        let records = records(6000, Habits(threads: 5000, renames: 3), seed: seed)
        #expect(encodedBatches(records, capacity: 1 << 20).count > 3)
        try expectCarried(records, capacity: 1 << 20)
    }

    @Test(arguments: 0..<3 as Range<UInt64>)
    func `more kinds than a batch takes go into more batches`(seed: UInt64) throws {
        let records = records(2000, Habits(kinds: 1000), seed: seed)
        #expect(encodedBatches(records, capacity: 1 << 20).count > 3)
        try expectCarried(records, capacity: 1 << 20)
    }

    @Test(arguments: [0, 4096, 5000, 64 << 10, Frame.headerSize + Frame.maximumPayload, 1 << 30])
    func `no batch is longer than its encoder was told or a frame may be`(capacity: Int) throws {
        let frames = encodedBatches(records(30_000, Habits(threads: 3), seed: 1), capacity: capacity)
        let cap = min(max(capacity, 4096), Frame.headerSize + Frame.maximumPayload)
        #expect(frames.allSatisfy { $0.count <= cap })
    }

    @Test func `a thread that changes its name back and forth has the right one each time`() throws {
        let names = ["zygote64", "com.example.ap", "zygote64", "", "0123456789abcdef", "zygote64"]
        try expectCarried(names.enumerated().map { place, name in
            fault_record(UInt64(place), address: 0x1000, ip: 0x2000, pid: 5, tid: 5, comm: name)
        })
    }

    @Test func `threads of one id under different users and processes are told apart`() throws {
        var records: [fault_record] = []
        for (pid, uid): (UInt32, UInt32) in [(1, 0), (2, 0), (1, 0), (1, 7), (1, 0)] {
            records.append(fault_record(9, address: 1, ip: 1, pid: pid, tid: 77, uid: uid))
        }
        try expectCarried(records)
    }

    @Test func `every step between two addresses is carried`() throws {
        let steps: [UInt64] = [0, 1, 4096, .max, .max - 4095, 1 << 63, 1 << 63 - 1, 1 << 63 + 1]
        var records: [fault_record] = []
        var address: UInt64 = 0
        for first in steps {
            for second in steps {
                address &+= first
                records.append(fault_record(1, address: address, ip: first))
                address &+= second
                records.append(fault_record(1, address: address, ip: second))
            }
        }
        try expectCarried(records)
    }

    @Test func `ips that share a slot of the cache do not become each other`() throws {
        var chance = Chance(seed: 4)
        let ips = (0..<2000).map { _ in chance.next() }
        try expectCarried((0..<6000).map { place in
            fault_record(UInt64(place), address: 0, ip: ips[Int(chance.below(2000))], tid: UInt32(place % 7))
        })
    }

    @Test func `the longest events fill a batch to its end and not past it`() throws {
        let records = (0..<900).map { place in
            let flip: UInt64 = place % 2 == 0 ? 0 : 1 << 63
            return fault_record(
                flip, address: flip ^ 0x5555, ip: flip | UInt64(place) << 40, code: (FAULT_ERROR_ESR, .max - UInt64(place % 100)),
                pid: .max, tid: .max - UInt32(place), uid: .max, cpu: .max, comm: "0123456789abcdef")
        }
        try expectCarried(records, capacity: 4096)
    }

    @Test func `an empty batch says nothing and takes its number`() throws {
        var encoder = BatchEncoder()
        let empty = encoder.take { Array($0) }
        encoder.append(fault_record(5, address: 1, ip: 1), timeNs: 5)
        #expect(try decoded([empty, encoder.take { Array($0) }]).count == 1)
    }

    @Test func `the time on the wire is the one that is given`() throws {
        var encoder = BatchEncoder()
        encoder.append(fault_record(5, address: 1, ip: 1), timeNs: 1005)
        encoder.append(fault_record(9, address: 1, ip: 1), timeNs: 1009)
        #expect(try decoded([encoder.take { Array($0) }]).map(\.timeNs) == [1005, 1009])
    }
}
