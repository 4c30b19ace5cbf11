import FaultModel
import TraceModel

/// The pages that fault most: a file's by their place in it, whoever has it mapped; other memory's by process and address.
struct PageTable: Sendable {
    private static let fileBit: UInt64 = 1 << 63
    private static let nameShift: UInt64 = 46
    private static let pidShift: UInt64 = 40

    private var items = FrequentItems()
    private let shift: UInt64
    /// By the number of the mapping's name, whether it is a file's.
    private var isFile: [Bool] = []

    init(pageSize: UInt32) { shift = UInt64(max(pageSize, 1).trailingZeroBitCount) }

    mutating func add(_ faults: UnsafeBufferPointer<PageFault>) {
        isFile.withUnsafeBufferPointer { isFile in
            for fault in faults.indices {
                items.add(isFile[Int(faults[fault].place.name)] ? fileKey(faults[fault]) : memoryKey(faults[fault]))
            }
        }
    }

    /// Has to be called with the names of the faults that come next.
    mutating func learn(_ names: TraceNames) {
        if isFile.count < names.mappings.count { isFile += names.mappings[isFile.count...].map { $0.hasPrefix("/") } }
    }

    @inline(__always)
    private func fileKey(_ fault: PageFault) -> UInt64 {
        Self.fileBit | UInt64(fault.place.name) << Self.nameShift | (fault.place.offset >> shift) & (1 << Self.nameShift - 1)
    }

    @inline(__always)
    private func memoryKey(_ fault: PageFault) -> UInt64 {
        (UInt64(fault.thread.pid) << Self.pidShift | (fault.address >> shift) & (1 << Self.pidShift - 1)) & ~Self.fileBit
    }

    /// The pages with the most faults, those first, and how much too low their counts may be.
    func top(_ count: Int, _ names: TraceNames) -> (pages: [PageFaults], error: UInt64) {
        let pages = items.top(count).map { item in
            item.key & Self.fileBit != 0 ? filePage(item.key, item.count, names) : memoryPage(item.key, item.count)
        }
        return (pages, items.error)
    }

    private func filePage(_ key: UInt64, _ events: UInt64, _ names: TraceNames) -> PageFaults {
        let number = Int((key & ~Self.fileBit) >> Self.nameShift)
        return PageFaults(place: .file(names.mappings[number], offset: (key & (1 << Self.nameShift - 1)) << shift), events: events)
    }

    /// The kernel's half of the addresses has ones above what the key holds.
    private func memoryPage(_ key: UInt64, _ events: UInt64) -> PageFaults {
        var address = (key & (1 << Self.pidShift - 1)) << shift
        let width = Self.pidShift + shift
        if width < 64, address >> (width - 1) & 1 == 1 { address |= ~0 << width }
        return PageFaults(place: .memory(pid: UInt32(key >> Self.pidShift), address: address), events: events)
    }
}

/// The faults of one page.
public struct PageFaults: Equatable, Sendable {
    public enum Place: Equatable, Sendable {
        /// A file's page, by its first byte.
        case file(String, offset: UInt64)
        case memory(pid: UInt32, address: UInt64)
    }

    public let place: Place
    /// Or a little more: see `TraceReport.pageError`.
    public let events: UInt64
}
