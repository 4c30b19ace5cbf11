import Testing

@testable import FaultProbe

#if canImport(Glibc)
import Glibc
#endif

struct CommAutomatonTests {
    /// Whether the automaton lets a thread of this name through.
    private func passes(
        _ name: [UInt8], include: [String] = [], exclude: [String] = []
    ) throws -> Bool {
        try CommAutomaton(include: include, exclude: exclude).passes(name)
    }

    private func passes(_ name: String, _ pattern: String) throws -> Bool {
        try passes(Array(name.utf8), include: [pattern])
    }

    // MARK: By hand

    @Test(arguments: [
        ("RenderThread", "RenderThread", true), ("RenderThread", "Render", false), ("RenderThread", "Thread", false),
        ("RenderThread", "Render*", true), ("RenderThread", "*Thread", true), ("RenderThread", "*der*", true),
        ("RenderThread", "R*r*d", true), ("RenderThread", "R*x*d", false), ("RenderThread", "*", true),
        ("RenderThread", "**", true), ("RenderThread", "render*", false), ("RenderThread", "", false),
        ("", "", true), ("", "*", true), ("", "?", false), ("a", "?", true), ("ab", "?", false), ("ab", "??", true),
        ("kworker/0:1", "kworker/[0-9]:*", true), ("kworker/a:1", "kworker/[0-9]:*", false),
        ("b", "[!a]", true), ("a", "[!a]", false), ("a", "[^a]", false), ("]", "[]]", true), ("x", "[]x]", true),
        ("]", "[!]]", false), ("-", "[a-]", true), ("b", "[a-]", false), ("*", "\\*", true), ("a", "\\*", false),
        ("\\", "[\\]", true), ("[a", "[a", true), ("[", "[", true), ("a", "[a", false), ("\\", "\\", true),
        ("a*", "a[*]", true), ("ab", "a[*]", false), ("aXb", "a*b", true), ("ab", "a*b", true),
        ("0123456789abcde", "0123456789abcde", true), ("0123456789abcde", "0123456789abcdef", false),
    ])
    func `a pattern means what glob 7 says`(name: String, pattern: String, isMatch: Bool) throws {
        #expect(try passes(name, pattern) == isMatch)
        #expect(PlainGlob.matches(Array(pattern.utf8)[...], Array(name.utf8)[...]) == isMatch)
    }

    @Test func `bytes that are no ASCII are single positions`() throws {
        #expect(try passes("ü", "??"))
        #expect(try !passes("ü", "?"))
        #expect(try passes([0xff], include: ["[!a]"]))
        #expect(try !passes([0xff], include: ["ÿ"]))
    }

    @Test func `what stands behind the name's end does not count`() throws {
        #expect(try passes([0x61, 0, 0x62], include: ["a"]))
        #expect(try !passes([0x61, 0, 0x62], include: ["a?b", "ab", "*b"]))
    }

    @Test func `excluded names do not pass, selected or not`() throws {
        let cat = Array("cat".utf8)
        #expect(try passes(cat))
        #expect(try !passes(cat, exclude: ["c*"]))
        #expect(try passes(cat, exclude: ["d*"]))
        #expect(try !passes(cat, include: ["*"], exclude: ["d*", "*t"]))
        #expect(try passes(cat, include: ["d*", "ca?"], exclude: ["d*"]))
        #expect(try !passes(cat, include: ["d*"], exclude: ["e*"]))
    }

    // MARK: Room

    @Test func `patterns take up to 64 states`() throws {
        #expect(throws: Never.self) { try CommAutomaton(include: [String(repeating: "a", count: 63)], exclude: []) }
        #expect(throws: ProbeError.self) { try CommAutomaton(include: [String(repeating: "a", count: 64)], exclude: []) }
        #expect(throws: Never.self) { try CommAutomaton(include: Array(repeating: "a*", count: 32), exclude: []) }
        #expect(throws: ProbeError.self) { try CommAutomaton(include: Array(repeating: "a", count: 32), exclude: [""]) }
        #expect(throws: ProbeError.self) { try CommAutomaton(include: Array(repeating: "", count: 65535), exclude: []) }
        #expect(throws: Never.self) { try CommAutomaton(include: [String(repeating: "*", count: 65535)], exclude: []) }
    }

    @Test func `the last state is good for a match`() throws {
        let filler = Array(repeating: "abc", count: 12)  // 48 states
        let last = "0123456789abcd*"  // 14 and its final one: 63
        let automaton = try CommAutomaton(include: filler + [last, ""], exclude: [])
        #expect(automaton.include >> 63 == 1)
        #expect(automaton.passes(Array("0123456789abcdX".utf8)))
        #expect(automaton.passes([]))
        #expect(!automaton.passes(Array("0123456789abc".utf8)))
    }

    // MARK: At random

    /// Patterns and names of few different characters, so that they often match.
    private struct Words {
        var chance: Chance

        mutating func name() -> [UInt8] { (0..<chance.below(16)).map { _ in chance.pick("ab-]") } }

        mutating func pattern() -> String {
            let pieces = ["a", "b", "*", "?", "[ab]", "[!a]", "[^-]", "[a-b]", "[]a]", "[!]]", "\\a", "\\*", "[b-a]", "-", "[", "]", "[-a]", "[a-]"]
            return (0..<chance.below(7)).map { _ in pieces[Int(chance.below(UInt64(pieces.count)))] }.joined()
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `it agrees with a plain matcher`(seed: UInt64) throws {
        var words = Words(chance: Chance(seed: seed))
        var matches = 0
        for _ in 0..<300 {
            let patterns = (0..<4).map { _ in words.pattern() }
            let (include, exclude) = (Array(patterns[..<3]), Array(patterns[3...]))
            let automaton = try CommAutomaton(include: include, exclude: exclude)
            for _ in 0..<10 {
                let name = words.name()
                let expected = PlainGlob.passes(name, include: include, exclude: exclude)
                #expect(automaton.passes(name) == expected, "\(include) but \(exclude) over \(name)")
                matches += expected ? 1 : 0
            }
        }
        #expect(matches > 100 && matches < 2900, "the test sees too little")
    }

    #if canImport(Glibc)
    @Test func `it agrees with the C library's own matcher`() throws {
        var chance = Chance(seed: 5)
        let pieces = ["a", "b", "*", "?", "[ab]", "[!a]", "[a-b]", "[]a]", "[!]]", "\\a", "\\*", "-", "[-a]", "[a-]"]
        for _ in 0..<3000 {
            let pattern = (0..<chance.below(7)).map { _ in pieces[Int(chance.below(14))] }.joined()
            let name = String(decoding: (0..<chance.below(8)).map { _ in chance.pick("ab-]*") }, as: UTF8.self)
            #expect(try passes(name, pattern) == (fnmatch(pattern, name, 0) == 0), "\(pattern) over \(name)")
        }
    }
    #endif
}
