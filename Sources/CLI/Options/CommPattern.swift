import FaultModel

/// A glob over a thread's name, as far as the host must know it: the agent compiles it.
struct CommPattern: Sendable {
    /// Positions of the kernel's automaton; all patterns of a filter share them.
    static let positionLimit = 64

    /// Whether it is longer than any thread's name.
    var matchesNobody: Bool { positions - 1 > ThreadName.keptLength }

    /// What the pattern takes: one for each byte, `?` or class, and one for its end. A `*` costs nothing.
    let positions: Int

    init(_ pattern: String) {
        var bytes = Array(pattern.utf8)[...]
        var positions = 1
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "*") { continue }
            positions += 1
            if byte == UInt8(ascii: "\\") { bytes = bytes.dropFirst() }
            if byte == UInt8(ascii: "["), let end = Self.classEnd(bytes) { bytes = bytes[(end + 1)...] }
        }
        self.positions = positions
    }

    /// Where the `]` of a class stands, given what follows its `[`; nil: it is no class. One that stands first, or
    /// first after `!` or `^`, is a member.
    private static func classEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        var members = bytes
        if members.first == UInt8(ascii: "!") || members.first == UInt8(ascii: "^") { members = members.dropFirst() }
        return members.dropFirst().firstIndex(of: UInt8(ascii: "]"))
    }
}
