import CFaultRecord
import FaultModel
import Glibc
import Testing

@testable import FaultProbe

struct PerfRingRecorderTests {
    @Test func `rings of one CPU share what was asked for`() {
        let geometry = BufferGeometry(.perfRing, requested: 8 << 20, pageSize: 4096, cpus: 8)
        let both = RingSizes(geometry, wantsOutcome: true, page: 4096)
        #expect((both.bytes(.faults), both.bytes(.outcomes), both.bytes(.tasks)) == (512 << 10, 512 << 10, 32 << 10))
        #expect(RingSizes(geometry, wantsOutcome: false, page: 4096).bytes(.faults) == 1 << 20)
    }

    @Test(arguments: [4096, 16384, 65536] as [UInt64])
    func `halving ends at one page of the kernel's size`(page: UInt64) {
        let geometry = BufferGeometry(.perfRing, requested: 1 << 20, pageSize: Int(page), cpus: 2)
        var sizes = RingSizes(geometry, wantsOutcome: true, page: page)
        while let half = sizes.half {
            #expect(half.main == sizes.main / 2)
            sizes = half
        }
        #expect((sizes.main, sizes.tasks) == (page, page))
    }

    // MARK: On this machine's kernel, as root

    @Test(.enabled(if: getuid() == 0), arguments: [true, false])
    func `each of 997 fresh pages is one fault`(wantsOutcome: Bool) throws {
        let memory = try FreshPages(997)
        let (seen, recorder) = try traced(memory.range, wantsOutcome: wantsOutcome) { memory.touch() }
        #expect(seen.map(\.address) == memory.addresses)
        let outcome = wantsOutcome ? FAULT_OUTCOME_MINOR : FAULT_OUTCOME_UNKNOWN
        for fault in seen {
            #expect(UInt32(fault.traits) >> 6 == outcome.rawValue)
            #expect((fault.latency_ns > 0) == wantsOutcome)
            #expect((fault.pid, fault.uid, fault.mode) == (UInt32(getpid()), 0, FAULT_MODE_USER.rawValue))
            #expect(!fault.name.isEmpty)
        }
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.time_ns <= $1.time_ns })
        let columns = recorder.missing.otherColumns
        #expect(Set(columns).isDisjoint(with: recorder.missing.map(\.column)))
        #expect(columns.count + recorder.missing.count == Column.allCases.count)
        #expect(columns.contains(.latency) == wantsOutcome)
    }

    @Test(.enabled(if: getuid() == 0))
    func `what finds no room is counted, also with nothing behind it`() throws {
        let memory = try FreshPages(5000)
        let (seen, recorder) = try traced(memory.range, wantsOutcome: true, bufferSize: 0) { memory.touch() }
        #expect(!seen.isEmpty && seen.count < 5000)
        // Other processes fault too, and what they lost counts as well.
        #expect(seen.count + Int(lost(recorder)) >= 5000)
        #expect(lost(recorder) == 0)
    }

    private func lost(_ recorder: PerfRingRecorder) -> UInt64 { recorder.newLosses().reduce(0) { $0 + $1.count } }

    /// The faults of this process in a range while `body` runs, read after its end.
    private func traced(
        _ range: Range<UInt64>, wantsOutcome: Bool, bufferSize: UInt64 = 32 << 20, _ body: () -> Void
    ) throws -> ([fault_record], PerfRingRecorder) {
        var (seen, filter): ([fault_record], FaultFilter) = ([], FaultFilter())
        (filter.pids, filter.addresses) = ([UInt32(getpid())], range)
        let request = ProbeRequest(source: .perfRing, wantsOutcome: wantsOutcome, bufferSize: bufferSize, filter: filter)
        let recorder = try PerfRingRecorder(request) { record in
            seen.append(record.loadUnaligned(as: fault_record.self))
            return true
        }
        body()
        recorder.detach()
        #expect(recorder.drain())
        recorder.flushPending()
        return (seen, recorder)
    }
}

/// Memory that nobody has touched yet, in small pages.
private final class FreshPages {
    private let base: UnsafeMutableRawPointer
    private let count: Int
    private let page = Int(getpagesize())

    init(_ count: Int) throws {
        self.count = count
        base = try #require(mmap(nil, count * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
        madvise(base, count * page, MADV_NOHUGEPAGE)
    }

    deinit { munmap(base, count * page) }

    var addresses: [UInt64] { (0..<count).map { UInt64(UInt(bitPattern: base)) + UInt64($0 * page) } }
    var range: Range<UInt64> { addresses[0]..<addresses[0] + UInt64(count * page) }

    func touch() { for index in 0..<count { base.storeBytes(of: 1, toByteOffset: index * page, as: UInt8.self) } }
}
