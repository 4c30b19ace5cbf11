import CFaultRecord
import CLinux
import FaultModel

@testable import FaultProbe

/// A ring in ordinary memory, as the kernel would write it: a control page, then the data. `start` says how far all
/// rings have been written and read before, so that records wrap.
final class FakeRing {
    let records: UnsafeMutablePointer<RecordRing>
    private let pages: UnsafeMutableRawPointer
    private let bytes: Int
    private var head: Int

    init(_ kind: RingKind, cpu: Int32 = 0, bytes: Int = 4096, start: Int = 0) {
        self.bytes = bytes
        head = start
        pages = .allocate(byteCount: 4096 + bytes, alignment: 4096)
        pages.initializeMemory(as: UInt8.self, repeating: 0, count: 4096 + bytes)
        pages.storeBytes(of: UInt64(start), toByteOffset: Int(LINUX_RING_HEAD), as: UInt64.self)
        pages.storeBytes(of: UInt64(start), toByteOffset: Int(LINUX_RING_TAIL), as: UInt64.self)
        let ring = linux_ring(event: -1, second: -1, bytes: UInt64(bytes), pages: pages, data: UnsafeRawPointer(pages + 4096))
        records = .allocate(capacity: 1)
        records.initialize(to: RecordRing(ring, kind, cpu: cpu, startNs: 0))
    }

    deinit {
        records.deallocate()
        pages.deallocate()
    }

    /// Up to where the reader has given the ring back.
    var tail: Int { Int(pages.load(fromByteOffset: Int(LINUX_RING_TAIL), as: UInt64.self)) }
    var free: Int { bytes - (head - tail) }

    /// Writes one record; what does not fit is the test's fault.
    ///
    /// - Parameter size: to lie about it.
    func write(type: UInt32, misc: UInt16 = 0, _ words: [UInt64], size: Int? = nil) {
        let bytes = (words.count + 1) * 8
        precondition(bytes <= free, "the ring is full")
        put(UInt64(type) | UInt64(misc) << 32 | UInt64(size ?? bytes) << 48)
        for word in words { put(word) }
        pages.storeBytes(of: UInt64(head), toByteOffset: Int(LINUX_RING_HEAD), as: UInt64.self)
    }

    private func put(_ word: UInt64) {
        pages.storeBytes(of: word, toByteOffset: 4096 + head % bytes, as: UInt64.self)
        head += 8
    }
}

extension FakeRing {
    private static func pair(_ low: UInt32, _ high: UInt32) -> UInt64 { UInt64(low) | UInt64(high) << 32 }

    func fault(_ tid: UInt32, pid: UInt32 = 7, at time: UInt64, _ address: UInt64, ip: UInt64 = 0x1234, misc: UInt16 = 2) {
        write(type: 9, misc: misc, [ip, Self.pair(pid, tid), time, address])
    }

    func minor(_ tid: UInt32, pid: UInt32 = 7, at time: UInt64, _ address: UInt64) {
        write(type: 9, misc: 2, [Self.pair(pid, tid), time, address])
    }

    func major(_ tid: UInt32, pid: UInt32 = 7, at time: UInt64, _ address: UInt64) {
        write(type: 9, misc: 2, [Self.pair(pid, tid), time, address, 3])
    }

    func fork(_ pid: UInt32, _ tid: UInt32, by parent: (UInt32, UInt32), at time: UInt64) {
        write(type: 7, [Self.pair(pid, parent.0), Self.pair(tid, parent.1), time, Self.pair(parent.0, parent.1), time])
    }

    func exit(_ pid: UInt32, _ tid: UInt32, at time: UInt64) {
        write(type: 4, [Self.pair(pid, 1), Self.pair(tid, 1), time, Self.pair(pid, tid), time])
    }

    /// As the kernel does, in as many words as the name needs with a zero behind it.
    func comm(_ pid: UInt32, _ tid: UInt32, _ name: String, by: UInt32? = nil, exec: Bool = false, at time: UInt64) {
        let bytes = Array(name.utf8) + Array(repeating: 0, count: 16 - name.utf8.count)
        let words = name.utf8.count < 8 ? 1 : 2
        let text = (0..<words).map { word in (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[word * 8 + $1]) << ($1 * 8) } }
        write(type: 3, misc: exec ? 1 << 13 : 0, [Self.pair(pid, tid)] + text + [Self.pair(pid, by ?? tid), time])
    }

    /// - Parameter extra: what an event of PAGE_FAULTS_MAJ appends.
    func lost(_ count: UInt64, at time: UInt64, extra: [UInt64] = []) {
        write(type: 2, [99, count, Self.pair(7, 8), time] + extra)
    }

    /// Something that nobody asked for.
    func strange(at time: UInt64) { write(type: 5, [1, 2, 3, time]) }
}

/// Three rings on each of two CPUs, and what comes out of them.
final class Rig {
    let tasks: [FakeRing]
    let outcomes: [FakeRing]
    let faults: [FakeRing]
    let reader: RingReader
    let joiner: FaultJoiner
    let output = Output()
    let facts = Facts()

    /// What /proc would say.
    final class Facts {
        var names: [UInt32: String] = [:]
        var users: [UInt32: UInt32] = [:]
        var asked: [UInt32] = []
    }

    final class Output {
        var records: [fault_record] = []
        /// The handler asks for a pause after each so many.
        var pauseEvery = Int.max
        var onRecord: (() -> Void)?
    }

    init(waitsForEnd: Bool = true, bytes: Int = 4096, start: Int = 0, _ request: ProbeRequest = ProbeRequest(source: .perfRing)) throws {
        let make = { (kind: RingKind) in (0..<2).map { FakeRing(kind, cpu: $0, bytes: bytes, start: start) } }
        (tasks, outcomes, faults) = (make(.tasks), make(.outcomes), make(.faults))
        let (output, facts) = (output, facts)
        joiner = FaultJoiner(
            RecordFilter(try KernelFilter(request, wakeAtBytes: 0)), waitsForEnd: waitsForEnd,
            facts: ThreadFacts(
                name: { tid in facts.names[tid].map { Rig.name($0) } },
                user: { tid in
                    facts.asked.append(tid)
                    return facts.users[tid]
                })
        ) { record in
            output.records.append(record.loadUnaligned(as: fault_record.self))
            output.onRecord?()
            return output.records.count % output.pauseEvery != 0
        }
        reader = RingReader(joiner)
        reader.read((tasks + outcomes + faults).map(\.records))
    }

    private static func name(_ text: String) -> CommWords {
        var name: CommWords = (0, 0)
        withUnsafeMutableBytes(of: &name) { $0.copyBytes(from: text.utf8) }
        return name
    }

    /// What a drain hands out.
    func drain(until time: UInt64 = .max) -> [Seen] {
        let before = output.records.count
        _ = reader.drain(until: time)
        return output.records[before...].map { Seen($0) }
    }
}

/// A record in words that a test can compare.
struct Seen: Equatable, CustomStringConvertible {
    var tid: UInt32
    var address: UInt64
    var outcome: UInt32
    var latency: UInt64

    init(_ tid: UInt32, _ address: UInt64, _ outcome: fault_outcome, _ latency: UInt64 = 0) {
        (self.tid, self.address, self.outcome, self.latency) = (tid, address, outcome.rawValue, latency)
    }

    init(_ record: fault_record) {
        (tid, address, latency) = (record.tid, record.address, record.latency_ns)
        outcome = UInt32(record.traits) >> 6
    }

    var description: String { "\(tid) at \(String(address, radix: 16)): \(outcome) after \(latency)" }
}

extension fault_record {
    var name: String { withUnsafeBytes(of: comm) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } }
    var mode: UInt32 { UInt32(traits) & 3 }
}
