import FaultModel
import Testing
import WireProtocol

/// Bytes that no honest peer sends. Nothing may crash or hang, and nothing wrong may be taken for right.
struct HostileFrameTests {
    /// Reads a frame all the way down, a batch's events too.
    @discardableResult
    private func read(_ frame: RawFrame) throws(WireError) -> EitherMessage? {
        let message = try EitherMessage(frame)
        if case .agent(.batch(let payload)) = message { _ = try faults(payload) }
        return message
    }

    private func faults(_ payload: [UInt8]) throws(WireError) -> [PageFault] {
        var decoder = BatchDecoder()
        var faults: [PageFault] = []
        try decoder.decode(payload, into: &faults)
        return faults
    }

    /// Whatever is accepted can be said again, and means the same then.
    private func expectSense(_ frame: RawFrame) {
        guard let message = try? read(frame) else { return }
        let again = try? cut([message.encoded()])
        #expect(again?.count == 1)
        #expect((try? again.flatMap { try EitherMessage($0[0]) }) == message)
    }

    @Test(arguments: FrameType.allCases)
    func `a payload that ends early is refused wherever it ends`(type: FrameType) throws {
        let payload = try Vector.payload(type)
        for count in payload.indices {
            let frame = RawFrame(type: type.rawValue, payload: Array(payload.prefix(count)))
            #expect(throws: WireError.self, "\(count) bytes") { try read(frame) }
        }
    }

    @Test(arguments: FrameType.allCases)
    func `a payload that goes on after its last field is refused`(type: FrameType) throws {
        for extra: [UInt8] in [[0], [0xff], Array(repeating: 0, count: 99)] {
            let frame = RawFrame(type: type.rawValue, payload: try Vector.payload(type) + extra)
            #expect(throws: WireError.trailingBytes) { try read(frame) }
        }
    }

    @Test(arguments: FrameType.allCases)
    func `a flipped bit is refused, changes what is said or was a flag`(type: FrameType) throws {
        let bytes = try Vector.bytes(type)
        for bit in 0..<bytes.count * 8 where !(48..<64).contains(bit) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let frames = try? cut([flipped]), let frame = frames.first else { continue }
            expectSense(frame)
            let message = (try? read(frame)) ?? nil
            #expect(message != Golden.message(type), "bit \(bit)")
        }
    }

    @Test(arguments: FrameType.allCases)
    func `a spoilt message does not break its reader`(type: FrameType) throws {
        let payload = try Vector.payload(type)
        guard !payload.isEmpty else { return }
        var chance = Chance(seed: UInt64(type.rawValue))
        for _ in 0..<2000 {
            var spoilt = payload
            for _ in 0...chance.below(4) {
                spoilt[Int(chance.below(UInt64(spoilt.count)))] = [0, 0xff, 0x7f, 0x80, chance.bytes(1)[0]].randomElement(using: &chance)!
            }
            if chance.once(in: 3) { spoilt.removeLast(Int(chance.below(UInt64(spoilt.count)))) }
            expectSense(RawFrame(type: type.rawValue, payload: spoilt))
        }
    }

    @Test(arguments: FrameType.allCases, [2, 4, 256] as [UInt64])
    func `random payloads do not break their reader`(type: FrameType, bound: UInt64) {
        var chance = Chance(seed: bound << 16 | UInt64(type.rawValue))
        for _ in 0..<1000 {
            let length = Int(chance.below(chance.once(in: 10) ? 2000 : 60))
            expectSense(RawFrame(type: type.rawValue, payload: chance.bytes(length, below: bound)))
        }
    }

    @Test func `random streams do not break the decoder`() {
        var chance = Chance(seed: 99)
        for _ in 0..<500 {
            let pieces = (0...chance.below(5)).map { _ in chance.bytes(Int(chance.below(100)), below: 3) }
            guard let frames = try? cut(pieces) else { continue }
            for frame in frames { expectSense(frame) }
        }
    }

    @Test func `a frame of an unknown type is no message and no error`() throws {
        for type: UInt16 in [0, 7, 0x7f, 0x80, 0x96, 0x101, 0xffff] {
            let frame = RawFrame(type: type, payload: [1, 2, 3])
            #expect(try HostMessage(frame) == nil)
            #expect(try AgentMessage(frame) == nil)
        }
    }

    @Test(arguments: FrameType.allCases)
    func `a message of the other direction is refused`(type: FrameType) throws {
        let frame = RawFrame(type: type.rawValue, payload: try Vector.payload(type))
        if type.rawValue < 0x80 {
            #expect(throws: WireError.badValue("frame type for this direction")) { try AgentMessage(frame) }
        } else {
            #expect(throws: WireError.badValue("frame type for this direction")) { try HostMessage(frame) }
        }
    }
}
