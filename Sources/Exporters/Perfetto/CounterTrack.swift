import SwiftProtobuf
import TraceSchemas

/// A count that grows, sampled at the ends of periods in which it grew.
struct CounterTrack: Sendable {
    let track: UInt64
    let name: String
    private(set) var value: UInt64 = 0
    private var written: UInt64?

    init(track: UInt64, name: String) { (self.track, self.name) = (track, name) }

    @inline(__always)
    mutating func add(_ count: UInt64) { value &+= count }

    var isDue: Bool { value != written ?? 0 }

    /// What to write of a period: before the first value the track itself, and that it began with zero.
    mutating func take(fromNs: UInt64, untilNs: UInt64, parent: UInt64) -> [PerfettoTracePacket] {
        defer { written = value }
        if written != nil { return [sample(value, at: untilNs)] }
        return [.descriptor(described(parent), at: fromNs), sample(0, at: fromNs), sample(value, at: untilNs)]
    }

    private func described(_ parent: UInt64) -> PerfettoTrackDescriptor {
        .with {
            ($0.uuid, $0.parentUuid, $0.name) = (track, parent, name)
            $0.counter = .with { ($0.unitName, $0.yAxisShareKey) = ("faults", "faults") }
        }
    }

    private func sample(_ value: UInt64, at timeNs: UInt64) -> PerfettoTracePacket {
        .event(at: timeNs) { ($0.type, $0.trackUuid, $0.counterValue) = (.counter, track, Int64(clamping: value)) }
    }
}

extension PerfettoTracePacket {
    static func descriptor(_ track: PerfettoTrackDescriptor, at timeNs: UInt64) -> Self {
        .with { ($0.timestamp, $0.trackDescriptor) = (timeNs, track) }
    }

    static func event(at timeNs: UInt64, _ fill: (inout PerfettoTrackEvent) -> Void) -> Self {
        .with { ($0.timestamp, $0.trackEvent) = (timeNs, .with(fill)) }
    }
}
