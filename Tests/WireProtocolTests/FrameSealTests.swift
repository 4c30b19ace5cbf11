import Testing

@testable import WireProtocol

struct FrameSealTests {
    private let frames: [RawFrame] = [
        RawFrame(type: 0x83, payload: Array(0...255)), RawFrame(type: 0x04, payload: []), RawFrame(type: 0x101, payload: [0]),
    ]

    private var stream: [UInt8] {
        var bytes: [UInt8] = []
        for frame in frames {
            let start = bytes.count
            bytes += Frame.encoded(frame.type) { writer in for byte in frame.payload { writer.u8(byte) } }
            FrameSeal.close(&bytes, from: start)
        }
        return bytes
    }

    private func decoded(_ bytes: [UInt8], inPiecesOf size: Int = .max) throws(WireError) -> [RawFrame] {
        var (decoder, frames): (FrameDecoder, [RawFrame]) = (FrameDecoder(isSealed: true), [])
        var rest = bytes[...]
        while !rest.isEmpty {
            rest.prefix(size).withUnsafeBytes { decoder.append($0) }
            rest = rest.dropFirst(size)
            while let frame = try decoder.next() { frames.append(frame) }
        }
        return frames
    }

    @Test(arguments: [1, 7, .max]) func `sealed frames are the frames that were, in pieces of any size`(size: Int) throws {
        #expect(try decoded(stream, inPiecesOf: size) == frames)
    }

    @Test func `a stream that was cut gives its whole frames`() throws {
        for length in 0..<stream.count {
            #expect(frames.starts(with: try decoded(Array(stream[..<length]))), "\(length)")
        }
    }

    @Test func `a wrong bit is found, one of the length at once`() {
        for bit in 0..<stream.count * 8 {
            var wrong = stream
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: WireError.badChecksum, "\(bit)") { try decoded(wrong) }
        }
        #expect(throws: WireError.badChecksum) { try decoded([1] + stream[1..<Frame.headerSize]) }
    }
}
