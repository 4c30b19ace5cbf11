import FaultModel
import TraceModel

/// The faults that had to read files from storage, as they come.
struct StorageReads: Sendable {
    /// So many are kept; more are counted.
    static let limit = 1 << 17
    /// What the kernel reads at a time around such a fault, unless the device is set otherwise (VM_READAHEAD_PAGES). Faults nearer to each
    /// other than that are one range.
    static let gap: UInt64 = 128 << 10

    private struct Read: BitwiseCopyable {
        var name: UInt32
        var offset: UInt64
        var timeNs: UInt64
        var latencyNs: UInt64
    }

    private var reads: [Read] = []
    private(set) var others: UInt64 = 0

    /// Anonymous memory's major faults are swap's.
    @inline(__always)
    mutating func add(_ fault: PageFault) {
        guard fault.kind.traits.outcome == .major, fault.place.name > 0, fault.cause == .fileRead || fault.cause == nil else { return }
        guard reads.count < Self.limit else { return others &+= 1 }
        reads.append(Read(name: fault.place.name, offset: fault.place.offset, timeNs: fault.timeNs, latencyNs: fault.latencyNs ?? 0))
    }

    // MARK: In file order

    /// The files in the order in which they were first read.
    func files(_ names: TraceNames, pageSize: UInt64) -> [FileReads] {
        Dictionary(grouping: reads, by: \.name).compactMap { name, reads in
            guard Int(name) < names.mappings.count, names.mappings[Int(name)].hasPrefix("/") else { return nil }
            return FileReads(name: names.mappings[Int(name)], ranges: Self.ranges(reads, pageSize: pageSize))
        }.sorted { ($0.firstNs, $0.name) < ($1.firstNs, $1.name) }
    }

    private static func ranges(_ reads: [Read], pageSize: UInt64) -> [FileReads.Range] {
        var ranges: [FileReads.Range] = []
        for read in reads.sorted(by: { $0.offset < $1.offset }) {
            let page = read.offset & ~(pageSize - 1)
            if ranges.isEmpty || page >= ranges[ranges.count - 1].end.addingOrMax(gap) { ranges.append(FileReads.Range(offset: page)) }
            ranges[ranges.count - 1].add(end: page.addingOrMax(pageSize), timeNs: read.timeNs, latencyNs: read.latencyNs)
        }
        return ranges
    }
}

/// Where a file was read from storage because a fault had to wait for it.
public struct FileReads: Equatable, Sendable {
    /// Faults near each other, and what lies between them.
    public struct Range: Equatable, Sendable {
        /// In bytes; whole pages.
        public let offset: UInt64
        public private(set) var end: UInt64
        public private(set) var faults: UInt64 = 0
        /// In all of them together.
        public private(set) var latencyNs: UInt64 = 0
        /// CLOCK_BOOTTIME of the first one.
        public private(set) var firstNs = UInt64.max

        init(offset: UInt64) { (self.offset, end) = (offset, offset) }

        mutating func add(end: UInt64, timeNs: UInt64, latencyNs: UInt64) {
            self.end = max(self.end, end)
            faults &+= 1
            self.latencyNs = self.latencyNs.addingOrMax(latencyNs)
            firstNs = min(firstNs, timeNs)
        }
    }

    public let name: String
    /// By their place in the file.
    public let ranges: [Range]

    public var faults: UInt64 { ranges.reduce(0) { $0 + $1.faults } }
    public var latencyNs: UInt64 { ranges.reduce(0) { $0.addingOrMax($1.latencyNs) } }
    /// Bytes in all ranges.
    public var size: UInt64 { ranges.reduce(0) { $0 + ($1.end - $1.offset) } }
    public var firstNs: UInt64 { ranges.map(\.firstNs).min() ?? 0 }
}
