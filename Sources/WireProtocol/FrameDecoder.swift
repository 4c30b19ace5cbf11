/// A frame off the stream; its type may be one that this version does not know, which the receiver ignores.
public struct RawFrame: Equatable, Sendable {
    public var type: UInt16
    public var payload: [UInt8]

    public init(type: UInt16, payload: [UInt8]) {
        self.type = type
        self.payload = payload
    }
}

/// Cuts a stream of bytes into frames, however they come: whole, in drips or many at once.
///
/// A length above the cap is refused on sight of the header, so the buffer never holds more than one frame and
/// what one read brought.
public struct FrameDecoder: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0
    /// Bytes; a longer payload is refused.
    public var maximumPayload: Int

    public init(maximumPayload: Int = Frame.maximumPayload) { self.maximumPayload = maximumPayload }

    /// Whether the stream could end here without cutting a frame.
    public var isBetweenFrames: Bool { start == buffer.count }

    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if start > 0 {
            buffer.removeSubrange(0..<start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame, or nil until more bytes have come.
    public mutating func next() throws(WireError) -> RawFrame? {
        guard buffer.count - start >= Frame.headerSize else { return nil }
        var header = ByteReader(buffer.span.extracting(start..<start + Frame.headerSize).bytes)
        let length = try header.u32()
        let type = try header.u16()
        guard length <= maximumPayload else { throw .payloadTooLong(length) }
        let payload = start + Frame.headerSize
        guard buffer.count - payload >= Int(length) else { return nil }
        start = payload + Int(length)
        return RawFrame(type: type, payload: Array(buffer[payload..<start]))
    }
}
