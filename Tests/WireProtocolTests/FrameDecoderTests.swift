import Testing
import WireProtocol

struct FrameDecoderTests {
    /// All golden frames in a row, and what they must be cut into.
    private func stream() throws -> (bytes: [UInt8], frames: [RawFrame]) {
        let vectors = try FrameType.allCases.map { try Vector.bytes($0) }
        let frames = zip(FrameType.allCases, vectors).map { type, bytes in
            RawFrame(type: type.rawValue, payload: Array(bytes.dropFirst(Frame.headerSize)))
        }
        return (vectors.flatMap { $0 }, frames)
    }

    private func header(_ length: UInt32, type: UInt16 = 0x83) -> [UInt8] {
        var writer = ByteWriter()
        writer.u32(length)
        writer.u16(type)
        writer.u16(0)
        return writer.bytes
    }

    @Test func `many frames at once come out one by one`() throws {
        let (bytes, frames) = try stream()
        #expect(try cut([bytes]) == frames)
        #expect(try cut([bytes, bytes]) == frames + frames)
    }

    @Test func `frames that drip come out whole`() throws {
        let (bytes, frames) = try stream()
        #expect(try cut(bytes.map { [$0] }) == frames)
    }

    @Test(arguments: 1..<24 as Range<UInt64>)
    func `frames in pieces of any size come out whole`(seed: UInt64) throws {
        let (bytes, frames) = try stream()
        var chance = Chance(seed: seed)
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int(chance.below(seed * 9))
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        #expect(try cut(pieces) == frames)
    }

    @Test func `a stream that ends inside a frame gives nothing and says so`() throws {
        for type in FrameType.allCases {
            let bytes = try Vector.bytes(type)
            for count in bytes.indices {
                var decoder = FrameDecoder()
                bytes.prefix(count).withUnsafeBytes { decoder.append($0) }
                #expect(try decoder.next() == nil)
                #expect(decoder.isBetweenFrames == (count == 0))
            }
        }
    }

    @Test func `after its last frame a stream may end`() throws {
        var decoder = FrameDecoder()
        try Vector.bytes(.lost).withUnsafeBytes { decoder.append($0) }
        #expect(try decoder.next() != nil)
        #expect(try decoder.next() == nil)
        #expect(decoder.isBetweenFrames)
    }

    @Test(arguments: [.max, .max - 7, 1 << 31, UInt32(Frame.maximumPayload) + 1] as [UInt32])
    func `a length above the cap is refused on sight of the header`(length: UInt32) {
        let bytes = header(length)
        #expect(throws: WireError.payloadTooLong(length)) { try cut([bytes]) }
        #expect(throws: WireError.payloadTooLong(length)) { try cut(bytes.map { [$0] }) }
    }

    @Test func `a refused stream stays refused`() {
        var decoder = FrameDecoder()
        header(.max).withUnsafeBytes { decoder.append($0) }
        for _ in 0..<3 {
            #expect(throws: WireError.payloadTooLong(.max)) { try decoder.next() }
            header(0).withUnsafeBytes { decoder.append($0) }
        }
    }

    @Test func `a length of just the cap is taken`() throws {
        let payload = [UInt8](repeating: 7, count: Frame.maximumPayload)
        let half = payload.count / 2
        let frames = try cut([header(UInt32(payload.count)), Array(payload[..<half]), Array(payload[half...])])
        #expect(frames == [RawFrame(type: 0x83, payload: payload)])
    }

    @Test func `a receiver may set a lower cap`() throws {
        #expect(try cut([header(2) + [1, 2]], maximumPayload: 2).count == 1)
        #expect(throws: WireError.payloadTooLong(3)) { try cut([header(3)], maximumPayload: 2) }
    }

    @Test func `the flags do not matter`() throws {
        var bytes = try Vector.bytes(.round)
        let frames = try cut([bytes])
        (bytes[6], bytes[7]) = (0xff, 0xff)
        #expect(try cut([bytes]) == frames)
    }

    @Test func `an empty payload is a frame`() throws {
        #expect(try cut([header(0, type: 0xfffe)]) == [RawFrame(type: 0xfffe, payload: [])])
    }
}
