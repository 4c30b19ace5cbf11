import Foundation
import JSONText
import Testing

struct JSONTextTests {
    private func text(_ write: (inout JSONText) -> Void) -> String {
        var json = JSONText()
        write(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The same text, read by another implementation.
    private func parsed(_ text: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }

    // MARK: Strings

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), (#"a"b"#, #""a\"b""#), (#"\"#, #""\\""#), ("/", #""/""#),
        ("\n\t\r", #""\u000a\u0009\u000d""#), ("\0", #""\u0000""#), ("\u{1f}\u{7f}", #""\u001f\u007f""#),
        ("ü𝕏\u{2028}", "\"ü𝕏\u{2028}\""), ("\u{1b}[31m", #""\u001b[31m""#),
    ])
    func `a string has its escapes`(value: String, written: String) {
        #expect(text { $0.string(value) } == written)
    }

    @Test func `every character of one byte comes back from another reader`() throws {
        for byte: UInt8 in 0..<128 {
            let value = String(UnicodeScalar(byte))
            #expect(try parsed(text { $0.string(value) }) as? String == value)
        }
    }

    @Test func `no string is null`() {
        #expect(text { $0.string(nil as String?) } == "null")
        #expect(text { $0.string("x" as String?) } == #""x""#)
    }

    // MARK: Numbers

    @Test(arguments: [0, 1, 9, 10, 99, 100, 1 << 53, 9_999_999_999_999_999_999, 10_000_000_000_000_000_000, .max])
    func `unsigned numbers are Swift's own`(value: UInt64) {
        #expect(text { $0.integer(value) } == "\(value)")
    }

    @Test(arguments: [0, 1, -1, 9, -9, 10, -10, .max, .min, .min + 1])
    func `signed numbers are Swift's own`(value: Int64) {
        #expect(text { $0.integer(value) } == "\(value)")
    }

    @Test(arguments: [0, 1, 0xf, 0x10, 0xff, 0x100, 0x7fff_ffff_f000, 1 << 60, 1 << 63, .max])
    func `hexadecimal numbers are strings without leading zeros`(value: UInt64) {
        #expect(text { $0.hexadecimal(value) } == "\"0x\(String(value, radix: 16))\"")
    }

    @Test func `powers of two of every size and their neighbours are right`() {
        for shift: UInt64 in 0..<64 {
            for value: UInt64 in [(1 << shift) - 1, 1 << shift, (1 << shift) + 1] {
                #expect(text { $0.integer(value) } == "\(value)")
                #expect(text { $0.hexadecimal(value) } == "\"0x\(String(value, radix: 16))\"")
            }
        }
    }

    @Test func `truth values are three`() {
        #expect(text { $0.bool(true) } == "true")
        #expect(text { $0.bool(false) } == "false")
        #expect(text { $0.bool(nil) } == "null")
    }

    // MARK: Structure

    @Test func `commas stand between values and nowhere else`() {
        let text = text {
            $0.beginObject()
            $0.key("a"); $0.integer(1 as UInt64)
            $0.key("b")
            $0.beginArray()
            $0.endArray()
            $0.key("c")
            $0.beginArray()
            $0.integer(-1 as Int64)
            $0.null()
            $0.hexadecimal(10)
            $0.bool(true)
            $0.string("x")
            $0.beginObject()
            $0.endObject()
            $0.beginArray()
            $0.beginArray()
            $0.endArray()
            $0.endArray()
            $0.endArray()
            $0.key("d"); $0.beginObject()
            $0.key("e"); $0.null()
            $0.endObject()
            $0.endObject()
        }
        #expect(text == #"{"a":1,"b":[],"c":[-1,null,"0xa",true,"x",{},[[]]],"d":{"e":null}}"#)
    }

    @Test func `lines of JSON have no commas between them`() {
        let text = text {
            for number: UInt64 in 1...2 {
                $0.beginObject()
                $0.key("n"); $0.integer(number)
                $0.endObject()
                $0.newline()
            }
        }
        #expect(text == "{\"n\":1}\n{\"n\":2}\n")
    }

    @Test func `it begins anew without a comma, also in the middle`() {
        var json = JSONText()
        json.beginArray()
        json.integer(1 as UInt64)
        json.removeAll()
        #expect(json.bytes.isEmpty)
        json.string("x")
        #expect(json.bytes == Array(#""x""#.utf8))
    }

    @Test func `what is written can be read`() throws {
        let text = text {
            $0.beginObject()
            $0.key("name"); $0.string("a\"\\\u{0}ü")
            $0.key("list")
            $0.beginArray()
            for value: UInt64 in [0, 1 << 40] { $0.integer(value) }
            $0.endArray()
            $0.endObject()
        }
        let object = try #require(try parsed(text) as? [String: Any])
        #expect(object["name"] as? String == "a\"\\\u{0}ü")
        #expect(object["list"] as? [UInt64] == [0, 1 << 40])
    }
}
