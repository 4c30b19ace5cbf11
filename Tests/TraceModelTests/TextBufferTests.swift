import Testing
import TraceModel

struct TextBufferTests {
    @Test(arguments: [
        (0, "0ns"), (999, "999ns"), (1000, "1.00us"), (4_109, "4.10us"), (10_000, "10.0us"), (99_999, "99.9us"), (100_999, "100us"),
        (999_999, "999us"), (1_920_000, "1.92ms"), (12_000_000_000, "12.0s"), (4_000_000_000_000, "4000s"), (.max, "18446744073s"),
    ] as [(UInt64, String)])
    func `a latency has three digits`(ns: UInt64, expected: String) {
        var text = TextBuffer()
        text.latency(ns, width: 6)
        #expect(text.string == String(repeating: " ", count: max(0, 6 - expected.utf8.count)) + expected)
    }

    private func text(_ write: (inout TextBuffer) -> Void) -> String {
        var buffer = TextBuffer()
        write(&buffer)
        return buffer.string
    }

    @Test(arguments: [0, 9, 10, 99, 100, 1_000_000, 9_999_999_999_999_999_999, 10_000_000_000_000_000_000, .max])
    func `decimal numbers are Swift's own`(value: UInt64) {
        #expect(text { $0.decimal(value) } == String(value))
    }

    @Test(arguments: [0, 9, 10, 0xf, 0x10, 0xff00, 0x7fff_ffff_f000, 1 << 60, 1 << 63, .max])
    func `hexadecimal numbers are Swift's own`(value: UInt64) {
        #expect(text { $0.hexadecimal(value) } == "0x" + String(value, radix: 16))
    }

    @Test func `powers of two of every size are right in both`() {
        for shift: UInt64 in 0..<64 {
            let value = UInt64(1) << shift
            #expect(text { $0.decimal(value) } == String(value))
            #expect(text { $0.hexadecimal(value) } == "0x" + String(value, radix: 16))
        }
    }

    @Test func `seconds have six decimals, and a sign before the origin`() {
        #expect(text { $0.seconds(12_403_117_999, since: 0) } == "12.403117")
        #expect(text { $0.seconds(1_000, since: 0, width: 10) } == "  0.000001")
        #expect(text { $0.seconds(1_000_000, since: 2_500_000, width: 10) } == " -0.001500")
        #expect(text { $0.seconds(.max, since: 0) } == "18446744073.709551")
    }

    @Test func `numbers stand to the right of their width`() {
        #expect(text { $0.decimal(42, width: 5) } == "   42")
        #expect(text { $0.decimal(123_456, width: 5) } == "123456")
    }

    @Test func `padding ends at its column and leaves one space in any case`() {
        #expect(text { $0.append("ab"); $0.pad(from: 0, to: 4); $0.append("c") } == "ab  c")
        #expect(text { $0.append("abcdef"); $0.pad(from: 0, to: 4); $0.append("c") } == "abcdef c")
    }

    @Test func `it grows past its capacity and can be used again`() {
        var buffer = TextBuffer(capacity: 1)
        for _ in 0..<1000 { buffer.append("0123456789") }
        #expect(buffer.count == 10_000)
        buffer.removeAll()
        buffer.append(text: "näh")
        #expect(buffer.string == "näh")
    }
}
