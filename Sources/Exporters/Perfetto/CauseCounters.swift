import FaultModel
import SwiftProtobuf
import TraceModel
import TraceSchemas

/// A counter track for each cause that occurs, and one for what was lost.
struct CauseCounters: Sendable {
    /// How long a period is. What has happened in it is told as of its end.
    private static let periodNs: UInt64 = 10_000_000

    /// The track below which the others stand.
    private let parent: UInt64
    /// By the cause's number; zero: not known; the last: lost.
    private var tracks: [CounterTrack]
    private var fromNs: UInt64
    private var isRunning = false

    init(_ table: TrackTable, fromNs: UInt64) {
        self.fromNs = fromNs
        parent = table.track(0)
        let names = ["unknown cause"] + FaultCause.allCases.map(\.words) + ["lost"]
        tracks = names.enumerated().map { CounterTrack(track: table.track(UInt64($0) + 1), name: $1) }
    }

    /// How it is told that the tracks belong together.
    var group: PerfettoTrackDescriptor { .with { ($0.uuid, $0.name) = (parent, "page faults by cause") } }

    /// Whether a period has ended before this time.
    @inline(__always)
    func isDue(atNs timeNs: UInt64) -> Bool { isRunning && timeNs >= fromNs + Self.periodNs }

    @inline(__always)
    mutating func add(_ cause: FaultCause?, count: UInt64, atNs timeNs: UInt64) {
        begin(timeNs)
        tracks[Int(cause?.rawValue ?? 0)].add(count)
    }

    mutating func add(lost count: UInt64, atNs timeNs: UInt64) {
        begin(timeNs)
        tracks[tracks.count - 1].add(count)
    }

    @inline(__always)
    private mutating func begin(_ timeNs: UInt64) {
        if isRunning { return }
        (fromNs, isRunning) = (timeNs, true)
    }

    /// Ends the period.
    mutating func take() -> [PerfettoTracePacket] {
        isRunning = false
        var packets: [PerfettoTracePacket] = []
        for place in tracks.indices where tracks[place].isDue {
            packets += tracks[place].take(fromNs: fromNs, untilNs: fromNs + Self.periodNs, parent: parent)
        }
        return packets
    }
}
