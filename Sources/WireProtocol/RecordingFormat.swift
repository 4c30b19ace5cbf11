import CZlib

/// What controller and agent have to agree on where they write a recording (docs/protocol.md).
public enum RecordingFormat {
    /// The first string of each file.
    public static let magic = "faultline recording"
    /// Raised when an older reader would misread what follows.
    public static let version: UInt32 = 2
}

/// Frames that occur in files alone; everything else in a file is the conversation as it was.
public enum FileFrame: UInt16, Sendable {
    /// The first of each file: what it is.
    case recording = 0x100
    /// The last of a file after which another one goes on.
    case continued = 0x101
    /// The connection was lost; what comes next is another session.
    case interrupted = 0x102
}

/// What a file's frame has beyond the wire's, so that damage is found: a checksum behind the payload, and one of length and type
/// in `flags`, because a wrong length would lead to a wrong place, or beyond the end, where it looked like a file that was cut.
public enum FrameSeal {
    /// Bytes behind the payload.
    public static let size = 4
    /// Where `flags` stands in a frame.
    private static let flags = 6

    /// Makes a file's frame of the wire's frame that ends `bytes`.
    public static func close(_ bytes: inout [UInt8], from start: Int) {
        let header = bytes.withUnsafeBytes { checksum($0[start..<start + flags]) }
        store(header, in: &bytes, at: start + flags..<start + Frame.headerSize)
        let whole = bytes.withUnsafeBytes { checksum($0[start...]) }
        bytes.append(contentsOf: [0, 0, 0, 0])
        store(whole, in: &bytes, at: bytes.count - size..<bytes.count)
    }

    /// Whether length and type are what was written.
    static func fits(header: RawSpan) -> Bool {
        header.withUnsafeBytes { UInt16(truncatingIfNeeded: checksum($0[..<flags])) == load(UInt16.self, $0, flags) }
    }

    /// Whether a whole frame is, from its header to the checksum.
    static func fits(frame: RawSpan) -> Bool {
        frame.withUnsafeBytes { checksum($0[..<($0.count - size)]) == load(UInt32.self, $0, $0.count - size) }
    }

    private static func checksum(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt32 {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes)
        return UInt32(truncatingIfNeeded: crc32(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(bytes.count)))
    }

    private static func load<Number: FixedWidthInteger & BitwiseCopyable>(
        _: Number.Type, _ bytes: UnsafeRawBufferPointer, _ place: Int
    ) -> Number {
        Number(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Number.self))
    }

    /// The lowest bytes of a number, as many as there are places.
    private static func store(_ number: UInt32, in bytes: inout [UInt8], at places: Range<Int>) {
        for (shift, place) in places.enumerated() { bytes[place] = UInt8(truncatingIfNeeded: number >> UInt32(shift * 8)) }
    }
}
