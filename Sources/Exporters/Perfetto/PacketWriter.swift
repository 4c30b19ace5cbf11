import SwiftProtobuf
import TraceModel
import TraceSchemas

/// Writes packets of one sequence, the events' by hand.
struct PacketWriter: Sendable {
    /// Tells this trace's packets from those of others that are joined with it.
    private let sequence: UInt32
    /// What each event's packet bears between its time and its event.
    private var eventHead = TextBuffer()
    private var isCleared = false

    init(seed: UInt64) {
        sequence = max(1, UInt32(truncatingIfNeeded: seed))
        let number = UInt64(sequence)
        eventHead.fields(atMost: 16) { fields in
            fields.field(10, number)
            fields.field(13, UInt64(PerfettoTracePacket.SequenceFlags.seqNeedsIncrementalState.rawValue))
        }
    }

    /// The next packet lets the reader forget what was told of numbers.
    mutating func clear() { isCleared = true }

    mutating func write(_ packet: PerfettoTracePacket, to text: inout TextBuffer) {
        var packet = packet
        packet.trustedPacketSequenceID = sequence
        let flag: PerfettoTracePacket.SequenceFlags = isCleared ? .seqIncrementalStateCleared : .seqNeedsIncrementalState
        packet.sequenceFlags = UInt32(flag.rawValue)
        isCleared = false
        text.fields(PerfettoTrace.with { $0.packet = [packet] })
    }

    /// - Parameter event: the fields of a track event.
    mutating func write(event: TextBuffer, atNs timeNs: UInt64, to text: inout TextBuffer) {
        let eventLength = 1 + varintLength(UInt64(event.count)) + event.count
        let length = 1 + varintLength(timeNs) + eventHead.count + eventLength
        text.fields(atMost: 32) { fields in
            fields.message(1, length: length)
            fields.field(8, timeNs)
        }
        text.append(eventHead)
        text.fields(atMost: 16) { $0.message(11, length: event.count) }
        text.append(event)
    }
}
