import TerminalView
import Testing

struct KeyParserTests {
    private static let typed: [(bytes: [UInt8], keys: [Key])] = [
        (Array("aZ".utf8), [.character("a"), .character("Z")]),
        (Array("é漢🙂".utf8), [.character("é"), .character("漢"), .character("🙂")]),
        (Array("\u{1b}[A\u{1b}[B\u{1b}[C\u{1b}[D".utf8), [.up, .down, .right, .left]),
        (Array("\u{1b}OA\u{1b}OD\u{1b}OH\u{1b}OF".utf8), [.up, .left, .home, .end]),
        (Array("\u{1b}[H\u{1b}[F\u{1b}[1~\u{1b}[4~\u{1b}[7~\u{1b}[8~".utf8), [.home, .end, .home, .end, .home, .end]),
        (Array("\u{1b}[5~\u{1b}[6~\u{1b}[Z".utf8), [.pageUp, .pageDown, .backTab]),
        (Array("\u{1b}[1;5A\u{1b}[6;2~".utf8), [.up, .pageDown]),
        ([0x0d, 0x0a, 0x09, 0x7f, 0x08], [.enter, .enter, .tab, .backspace, .backspace]),
        ([0x03, 0x0c, 0x15], [.control("c"), .control("l"), .control("u")]),
        // What is no key of ours: F5, a bracketed paste, bytes that are not UTF-8.
        (Array("\u{1b}[15~\u{1b}[200~x\u{1b}[201~".utf8), [.character("x")]),
        ([0xff, 0xc3, 0x28, 0x80, 0x61], [.character("("), .character("a")]),
        // Escape twice, and escape before an ordinary key.
        ([0x1b, 0x1b, 0x71], [.escape, .escape, .character("q")]),
    ]

    @Test(arguments: typed)
    func `keys come whole, byte by byte and all at once`(bytes: [UInt8], keys: [Key]) {
        var parser = KeyParser()
        #expect(parser.take(bytes) == keys)
        #expect(!parser.isWaiting)
        #expect(bytes.flatMap { parser.take([$0]) } == keys)
        #expect(!parser.isWaiting)
    }

    @Test func `an escape alone is a key only when nothing follows`() {
        var parser = KeyParser()
        #expect(parser.take([0x1b]) == [])
        #expect(parser.isWaiting)
        #expect(parser.takeRest() == [.escape])
        #expect(!parser.isWaiting)
        #expect(parser.take([0x1b]) == [])
        #expect(parser.take(Array("[A".utf8)) == [.up])
        #expect(parser.takeRest() == [])
    }

    @Test func `what never ends is thrown away`() {
        var parser = KeyParser()
        #expect(parser.take(Array("\u{1b}[".utf8) + [UInt8](repeating: 0x31, count: 100)) == [])
        #expect(!parser.isWaiting)
        #expect(parser.take(Array("q".utf8)) == [.character("q")])
        #expect(parser.take(Array("\u{1b}[1".utf8)) == [])
        #expect(parser.takeRest() == [])
        #expect(parser.take(Array("q".utf8)) == [.character("q")])
    }

    @Test func `no bytes crash it`() {
        var parser = KeyParser()
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 { _ = parser.take([UInt8.random(in: 0...255, using: &generator)]) }
        _ = parser.takeRest()
        #expect(parser.take(Array("q".utf8)) == [.character("q")])
    }
}
