import FaultModel
import TraceModel

/// Faults by the file that was touched, as long as it has a name.
struct FileTable: Sendable {
    /// By the number of the mapping's name.
    private var files: [Count] = []

    struct Count: BitwiseCopyable {
        var events: UInt64 = 0
        var major: UInt64 = 0
        var latencyNs: UInt64 = 0

        @inline(__always)
        mutating func add(_ fault: PageFault) {
            events &+= 1
            if fault.kind.traits.outcome == .major { major &+= 1 }
            latencyNs = latencyNs.addingOrMax(fault.latencyNs ?? 0)
        }
    }

    /// Has to be called with the names of the faults that come next.
    mutating func learn(_ names: TraceNames) {
        while files.count < names.mappings.count { files.append(Count()) }
    }

    mutating func add(_ faults: UnsafeBufferPointer<PageFault>) {
        files.withUnsafeMutableBufferPointer { files in
            for fault in faults.indices { files[Int(faults[fault].place.name)].add(faults[fault]) }
        }
    }

    /// The files with the most of what they are sorted by, those first.
    func top(_ count: Int, _ order: ReportOrder, _ names: TraceNames) -> [FileFaults] {
        let found = files.indices.filter { files[$0].events > 0 && $0 < names.mappings.count && names.mappings[$0].hasPrefix("/") }
        return found.sorted { (order.weight(of: files[$1]), $0) < (order.weight(of: files[$0]), $1) }.prefix(count).map { number in
            let file = files[number]
            return FileFaults(name: names.mappings[number], events: file.events, major: file.major, latencyNs: file.latencyNs)
        }
    }
}

/// The faults in one file.
public struct FileFaults: Equatable, Sendable {
    public let name: String
    public let events: UInt64
    public let major: UInt64
    /// In all of them together whose end is known.
    public let latencyNs: UInt64
}
