import CLibbpf
import CLinux
public import FaultModel

/// Tells what happens to processes' memory, by the records that perf writes of it on each CPU, and what is there by /proc.
///
/// A record stands in its ring before the system call that it tells of returns: who drains the faults first and then this
/// misses nothing that those faults depend on. perf does not tell of munmap(2) nor of what mremap(2) moves.
public final class MemoryWatch {
    /// Bytes a CPU: twenty thousand mappings, which is what a program makes in a fifth of a second if it does nothing else, or fewer
    /// where locked memory is short.
    private static let ringBytes: [UInt64] = [2 << 20, 512 << 10, 128 << 10, 32 << 10]
    /// What the largest rings may take on all CPUs together; where they would take more, they are not tried.
    private static let mostBytes: UInt64 = 16 << 20

    private let fileSystems = MemoryFileSystems.live()
    private let bytes: UInt64
    private var rings: [PerfRing] = []

    /// Becomes readable when a ring is half full; to be watched for edges.
    public let descriptor: Int32

    /// - Throws: what keeps the kernel from telling, in words that can stand as a reason for a missing column.
    public init() throws(ProbeError) {
        (rings, bytes) = try Self.open()
        descriptor = linux_epoll()
        for ring in rings { start(ring) }
    }

    deinit { linux_close(descriptor) }

    private func start(_ ring: PerfRing) {
        _ = linux_watch(descriptor, ring.descriptor, false)
        ring.turn(on: true)
    }

    // MARK: Reading

    /// A process's mappings now; nil where it is gone.
    public func mappings(of pid: UInt32) -> [MemoryMapping]? { MapsFile(fileSystems).mappings(of: pid) }

    /// Hands out what has happened since the last call: in order on each CPU, not across CPUs.
    ///
    /// - Returns: false when records were lost, or may have been, and nothing that is known of any process can be relied on.
    public func drain(to body: (MemoryRecord) -> Void) -> Bool {
        var isWhole = true
        for ring in rings {
            ring.records.pointee.refresh()
            if ring.records.pointee.takeMayHideLosses() { isWhole = false }
            while !ring.records.pointee.isEmpty {
                if ring.records.pointee.isLost { isWhole = false }
                if let record = record(ring.records.pointee) { body(record) }
                ring.records.pointee.advance()
            }
            ring.records.pointee.release()
        }
        return isWhole
    }

    /// Opens rings on CPUs that have come online since.
    public func attachToNewCPUs() {
        rings.removeAll { $0.isDead && $0.records.pointee.isEmpty }
        for ring in rings where !ring.isDead { ring.lookForDeath() }
        for cpu in 0..<libbpf_num_possible_cpus() where !rings.serve(cpu) {
            guard let ring = try? PerfRing(.memory, cpu: cpu, bytes: bytes) else { continue }
            start(ring)
            rings.append(ring)
        }
    }

    // MARK: Records

    private func record(_ ring: borrowing RecordRing) -> MemoryRecord? {
        let (pid, second) = ring.word(1).halves
        let what: MemoryRecord.What? = switch ring.type {
        case PERF_RECORD_MMAP2.rawValue: .mapped(mapping(ring))
        case PERF_RECORD_FORK.rawValue where pid != second: .forked(parent: second)
        case PERF_RECORD_EXIT.rawValue where pid == ring.word(2).halves.0: .exited
        case PERF_RECORD_COMM.rawValue where pid == second:
            ring.misc & UInt64(PERF_RECORD_MISC_COMM_EXEC) != 0 ? .executed(name: ring.text(from: 2)) : .renamed(name: ring.text(from: 2))
        default: nil
        }
        guard let what else { return nil }
        return MemoryRecord(pid: pid, timeNs: ring.timeNs, what: what)
    }

    /// `header, pid and tid, address, length, offset, device, inode, generation, protection and flags, name …, who, time`
    private func mapping(_ ring: borrowing RecordRing) -> MemoryMapping {
        let (major, minor) = ring.word(5).halves
        let (device, inode) = (DeviceNumber(major: major, minor: minor), ring.word(6))
        let name = ring.text(from: 9)
        let (protection, flags) = ring.word(8).halves
        let isShared = flags & 0x01 != 0  // MAP_SHARED
        let kind = MappingKind(
            name: name, isShared: isShared,
            isInMemory: fileSystems.devices.contains(device))
        let hasFile = inode != 0 || major != 0 || minor != 0
        return MemoryMapping(
            start: ring.word(2), end: ring.word(2) &+ max(ring.word(3), 1), offset: hasFile ? ring.word(4) : 0, kind: kind,
            isWritable: protection & 0x02 != 0,  // PROT_WRITE
            name: name == "//anon" ? "" : name, file: device.file(inode))
    }

    // MARK: Opening

    private static func open() throws(ProbeError) -> ([PerfRing], UInt64) {
        var failure = ProbeError(.choose, "DUMMY")
        let cpus = UInt64(max(1, linux_cpu_count()))
        for bytes in ringBytes where bytes != ringBytes[0] || bytes * cpus <= mostBytes {
            let size = max(bytes, UInt64(linux_page_size()))
            do throws(ProbeError) {
                return (try PerfRing.openOnEachCPU([.memory]) { _ in size }, size)
            } catch {
                failure = error
            }
        }
        throw failure
    }
}

extension RecordRing {
    /// A text that begins with a word and ends at its first zero, or before the two words that end each record.
    borrowing func text(from word: UInt64) -> String {
        var bytes: [UInt8] = []
        var index = word
        while index + 2 < words {
            var rest = self.word(index)
            for _ in 0..<8 {
                if rest & 0xff == 0 { return String(decoding: bytes, as: UTF8.self) }
                bytes.append(UInt8(truncatingIfNeeded: rest))
                rest >>= 8
            }
            index += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
