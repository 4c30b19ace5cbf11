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
    private let isSealed: Bool

    /// - Parameter isSealed: whether the frames are a file's, which bear checksums.
    public init(maximumPayload: Int = Frame.maximumPayload, isSealed: Bool = false) {
        self.maximumPayload = maximumPayload
        self.isSealed = isSealed
    }

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
        let (length, type) = try header()
        let payload = start + Frame.headerSize..<start + Frame.headerSize + length
        let end = payload.upperBound + (isSealed ? FrameSeal.size : 0)
        guard end <= buffer.count else { return nil }
        if isSealed, !FrameSeal.fits(frame: bytes(start..<end)) { throw .badChecksum }
        start = end
        return RawFrame(type: type, payload: Array(buffer[payload]))
    }

    private func header() throws(WireError) -> (length: Int, type: UInt16) {
        let header = bytes(start..<start + Frame.headerSize)
        if isSealed, !FrameSeal.fits(header: header) { throw .badChecksum }
        var reader = ByteReader(header)
        let length = try reader.u32()
        guard length <= maximumPayload else { throw .payloadTooLong(length) }
        return (Int(length), try reader.u16())
    }

    @_lifetime(borrow self)
    private func bytes(_ places: Range<Int>) -> RawSpan { buffer.span.extracting(places).bytes }
}
