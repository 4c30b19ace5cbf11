public import WireProtocol

/// Bytes cut into frames by the lengths that they tell, whatever else they tell.
public struct FrameList {
    public var frames: [RawFrame] = []
    /// What is left behind the last whole frame.
    public var rest: [UInt8]
    private let isSealed: Bool

    /// - Parameter isSealed: whether they are a file's frames, which bear checksums.
    public init(_ bytes: [UInt8], isSealed: Bool) {
        (self.isSealed, rest) = (isSealed, [])
        var place = 0
        while let frame = Self.frame(bytes, at: place), place + size(frame) <= bytes.count {
            frames.append(frame)
            place += size(frame)
        }
        rest = Array(bytes[place...])
    }

    /// The same bytes, with checksums that fit.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for frame in frames {
            let start = bytes.count
            bytes += Frame.encoded(frame.type) { $0 = ByteWriter(frame.payload) }
            if isSealed { FrameSeal.close(&bytes, from: start) }
        }
        return bytes + rest
    }

    private func size(_ frame: RawFrame) -> Int { Frame.headerSize + frame.payload.count + (isSealed ? FrameSeal.size : 0) }

    private static func frame(_ bytes: [UInt8], at place: Int) -> RawFrame? {
        guard place + Frame.headerSize <= bytes.count else { return nil }
        let length = (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << ($1 * 8) }
        let start = place + Frame.headerSize
        guard length <= bytes.count - start else { return nil }
        return RawFrame(type: UInt16(bytes[place + 4]) | UInt16(bytes[place + 5]) << 8, payload: Array(bytes[start..<start + length]))
    }
}
