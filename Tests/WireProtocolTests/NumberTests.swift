import Testing
import WireProtocol

/// The numbers of variable length, at their edges.
struct NumberTests {
    private func read<Value>(
        _ bytes: [UInt8], _ body: (inout ByteReader) throws(WireError) -> Value
    ) throws(WireError) -> Value {
        var reader = ByteReader(bytes.span.bytes)
        let value = try body(&reader)
        try reader.finish()
        return value
    }

    private func unsigned(_ bytes: [UInt8]) throws(WireError) -> UInt64 {
        try read(bytes) { reader throws(WireError) in try reader.varint() }
    }

    private func signed(_ bytes: [UInt8]) throws(WireError) -> Int64 {
        try read(bytes) { reader throws(WireError) in try reader.signedVarint() }
    }

    @Test func `every power of two and its neighbours are carried`() throws {
        for shift: UInt64 in 0..<64 {
            for value in [(1 << shift) - 1, 1 << shift, (1 << shift) + 1] as [UInt64] {
                var writer = ByteWriter()
                writer.varint(value)
                #expect(writer.bytes.count == max(1, (70 - value.leadingZeroBitCount) / 7))
                #expect(try unsigned(writer.bytes) == value)
            }
        }
    }

    @Test(arguments: [
        ([0], 0), ([1], -1), ([2], 1), ([3], -2), ([0xff, 1], -128), ([0x80, 2], 128),
        ([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], .max),
        ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1], .min),
    ] as [([UInt8], Int64)])
    func `signed numbers stand in zigzag order`(bytes: [UInt8], value: Int64) throws {
        #expect(try signed(bytes) == value)
    }

    @Test(arguments: [2, 3, 0x7f, 0x80, 0x81, 0xff] as [UInt8])
    func `a tenth byte with more than one bit is refused`(last: UInt8) {
        let bytes = [UInt8](repeating: 0x80, count: 9) + [last, 0]
        #expect(throws: WireError.badValue("variable-length number")) { try unsigned(bytes) }
    }

    @Test func `a number that never ends is refused at its tenth byte`() {
        let bytes = [UInt8](repeating: 0xff, count: 1 << 20)
        #expect(throws: WireError.badValue("variable-length number")) { try unsigned(bytes) }
    }

    @Test func `a number whose end is missing is refused`() {
        for count in 0..<10 {
            let bytes = [UInt8](repeating: 0x80, count: count)
            #expect(throws: WireError.truncated) { try unsigned(bytes) }
        }
    }

    @Test func `fixed numbers are little-endian wherever they stand`() throws {
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
        var reader = ByteReader(bytes.span.bytes)
        let values = (try reader.u8(), try reader.u16(), try reader.u32(), try reader.u64())
        #expect(values == (0x01, 0x0302, 0x0706_0504, 0x0f0e_0d0c_0b0a_0908))
        let rest = reader.remaining
        #expect(rest == 0)
    }
}
