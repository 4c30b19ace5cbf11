import Testing

@testable import FaultProbe

struct GlobTokenTests {
    private func one(_ ranges: ClosedRange<Character>..., negated: Bool = false) -> GlobToken {
        .oneOf(ranges.map { $0.lowerBound.asciiValue!...$0.upperBound.asciiValue! }, negated: negated)
    }

    private func literals(_ text: String) -> [GlobToken] { text.utf8.map { .byte($0) } }

    private func expect(_ pattern: String, _ tokens: [GlobToken], _ location: SourceLocation = #_sourceLocation) {
        #expect(GlobToken.tokens(of: pattern) == tokens, sourceLocation: location)
    }

    @Test func `plain characters and signs are positions`() {
        expect("", [])
        expect("a*?", [.byte(0x61), .star, .any])
        expect("ü", [.byte(0xc3), .byte(0xbc)])
    }

    @Test func `a backslash takes the next one literally, and stands for itself at the end`() {
        expect("\\*\\?\\[\\\\", literals("*?[\\"))
        expect("\\a\\", literals("a\\"))
    }

    @Test func `brackets hold characters and ranges`() {
        expect("[a]", [one("a"..."a")])
        expect("[abc]", [one("a"..."a", "b"..."b", "c"..."c")])
        expect("[a-cx-z]", [one("a"..."c", "x"..."z")])
        expect("[!a-z]", [one("a"..."z", negated: true)])
        expect("[^0]", [one("0"..."0", negated: true)])
        expect("[*?\\]", [one("*"..."*", "?"..."?", "\\"..."\\")])
    }

    @Test func `a closing bracket comes first to be meant`() {
        expect("[]]", [one("]"..."]")])
        expect("[!]]", [one("]"..."]", negated: true)])
        expect("[a]]", [one("a"..."a")] + literals("]"))
        expect("[]-a]", [one("]"..."a")])
    }

    @Test func `a minus that is no range is itself`() {
        expect("[-a]", [one("-"..."-", "a"..."a")])
        expect("[a-]", [one("a"..."a", "-"..."-")])
        expect("[!-]", [one("-"..."-", negated: true)])
        expect("[z-a]", [one("z"..."z", "-"..."-", "a"..."a")])
        expect("[a-a]", [one("a"..."a")])
    }

    @Test func `a bracket that is not closed is itself`() {
        for pattern in ["[", "[a", "[]", "[!", "[!]", "[a-", "[^"] { expect(pattern, literals(pattern)) }
        expect("[*", [.byte(0x5b), .star])
    }

    @Test func `a token matches its bytes`() {
        for byte: UInt8 in 1...255 {
            #expect(GlobToken.any.matches(byte) && GlobToken.star.matches(byte))
            #expect(GlobToken.byte(7).matches(byte) == (byte == 7))
            #expect(GlobToken.oneOf([5...9], negated: false).matches(byte) == (5...9 ~= byte))
            #expect(GlobToken.oneOf([5...9], negated: true).matches(byte) == !(5...9 ~= byte))
        }
    }
}
