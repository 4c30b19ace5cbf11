import SwiftProtobuf
import TraceModel

extension TextBuffer {
    /// The fields of a message without its tag and length: whatever more is added to them belongs to the same message.
    mutating func fields(_ message: some Message) {
        // Fails for what these schemas do not have: required fields, and messages of 2 GiB.
        append(try! message.serializedBytes() as [UInt8])
    }

    /// Fields that are written by hand, because they occur with every event: a message of the library's own would be built, measured
    /// and serialised each time, which costs ten times as much.
    ///
    /// - Parameter limit: bytes that they take at the most.
    @inline(__always)
    mutating func fields(atMost limit: Int, _ fill: (inout FieldWriter) -> Void) {
        append(atMost: limit) { start in
            var writer = FieldWriter(place: start)
            fill(&writer)
            return writer.place - start
        }
    }

    /// Another buffer's bytes.
    @inline(__always)
    mutating func append(_ other: TextBuffer) {
        other.bytes.withUnsafeBytes { append($0) }
    }
}

/// Writes fields of a protocol buffer; whoever made the room knows that it is enough.
struct FieldWriter {
    private(set) var place: UnsafeMutablePointer<UInt8>

    init(place: UnsafeMutablePointer<UInt8>) { self.place = place }

    @inline(__always)
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            place.pointee = UInt8(truncatingIfNeeded: rest) | 0x80
            place += 1
            rest >>= 7
        }
        place.pointee = UInt8(truncatingIfNeeded: rest)
        place += 1
    }

    /// A number under its field's number.
    @inline(__always)
    mutating func field(_ number: UInt64, _ value: UInt64) {
        varint(number << 3)
        varint(value)
    }

    /// The tag and the length of a message of so many bytes, which is to follow.
    @inline(__always)
    mutating func message(_ number: UInt64, length: Int) {
        varint(number << 3 | 2)
        varint(UInt64(length))
    }
}

/// How many bytes a number takes.
@inline(__always)
func varintLength(_ value: UInt64) -> Int { (70 - (value | 1).leadingZeroBitCount) / 7 }
