public import CFaultRecord
import FaultModel
public import TraceModel
public import WireProtocol

/// Makes records as a kernel would: always the same ones, for a measurement to be repeatable.
public struct FaultPattern {
    /// What the faults of a benchmark's own workload look like, and what those of a busy phone do.
    public enum Kind: String, CaseIterable, Sendable {
        /// Two threads that touch one page after the other.
        case sequential
        /// Two hundred threads that take turns: several instructions, kinds and places each.
        case mixed
    }

    private let kind: Kind
    private var random = SplitMix64()
    private var timeNs: UInt64 = 1_000_000_000_000
    private var addresses: [UInt64]

    public init(_ kind: Kind) {
        self.kind = kind
        addresses = (0..<(kind == .sequential ? 2 : 200)).map { 0x7000_0000_0000 + UInt64($0) << 32 }
    }

    /// The memory of the patterns' processes: each has a thousand mappings beside those that fault, which are in pieces of
    /// one MiB, as a large program's are.
    public static func mappings() -> [Mappings] {
        (0..<50).map { process in
            var list = [MemoryMapping(start: 0x5500_0000_0000, end: 0x5500_0010_0000, kind: .filePrivate, name: "/usr/bin/program")]
            list += (0..<1000).map { MemoryMapping(start: 0x6000_0000_0000 + $0 << 20, end: 0x6000_0000_1000 + $0 << 20, kind: .filePrivate) }
            for thread in 0..<4 {
                let base = 0x7000_0000_0000 + UInt64(process * 4 + thread) << 32
                list += (0..<4096).map { MemoryMapping(start: base + $0 << 20, end: base + ($0 + 1) << 20, kind: $0 % 2 == 0 ? .anonymous : .filePrivate) }
            }
            return Mappings(timeNs: 0, pid: UInt32(1000 + process), list: list)
        }
    }

    /// A finder that knows that memory.
    public static func causes() -> CauseFinder {
        var finder = CauseFinder(KernelVersion(release: "6.12"))
        for news in mappings() { finder.note(.mappings(news)) }
        var none: [PageFault] = []
        var names = TraceNames()
        finder.explain(&none, &names)
        return finder
    }

    /// What an agent would send for so many of a pattern's faults, batch by batch.
    public static func payloads(_ kind: Kind, _ events: Int) -> [[UInt8]] {
        var pattern = FaultPattern(kind)
        var encoder = BatchEncoder()
        var payloads: [[UInt8]] = []
        for number in 1...events {
            let record = pattern.next()
            encoder.append(record, timeNs: record.time_ns)
            guard encoder.isFull || number == events else { continue }
            encoder.take { frame in payloads.append(Array(frame.dropFirst(Frame.headerSize))) }
        }
        return payloads
    }

    public mutating func next() -> fault_record {
        timeNs += 300 + random.next() % 2000
        let thread = Int(random.next() % UInt64(addresses.count))
        addresses[thread] += kind == .sequential ? 4096 : 4096 * (random.next() % 64)
        var record = fault_record()
        record.time_ns = timeNs
        record.address = addresses[thread]
        record.ip = 0x5500_0000_1000 + (kind == .sequential ? 0 : random.next() % 500 * 24)
        record.error_kind = UInt8(FAULT_ERROR_X86.rawValue)
        record.error_code = kind == .sequential ? 6 : 4 | random.next() % 2 << 1
        record.traits = UInt8(FAULT_MODE_USER.rawValue) << UInt8(FAULT_MODE_SHIFT)
            | UInt8(FAULT_ACCESS_WRITE.rawValue) << UInt8(FAULT_ACCESS_SHIFT) | UInt8(FAULT_PRESENT_NO.rawValue) << UInt8(FAULT_PRESENT_SHIFT)
            | UInt8(FAULT_OUTCOME_MINOR.rawValue) << UInt8(FAULT_OUTCOME_SHIFT)
        record.latency_ns = 1000 + random.next() % 2000
        record.pid = UInt32(1000 + thread / 4)
        record.tid = UInt32(1000 + thread)
        record.cpu = UInt16(thread % 8)
        record.comm.0 = UInt8(ascii: "t")
        return record
    }
}

/// Vigna's generator: the same numbers everywhere.
private struct SplitMix64 {
    private var state: UInt64 = 42

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
