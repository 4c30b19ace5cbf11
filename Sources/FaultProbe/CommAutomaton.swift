import FaultModel

/// Globs over thread names as one automaton that the kernel runs bit-parallel over the name's bytes
/// (`struct fault_filter` says how). A pattern of n tokens takes n + 1 of the 64 states.
struct CommAutomaton: Equatable {
    private(set) var start: UInt64 = 0
    /// States that a `*` holds whatever byte comes.
    private(set) var loop: UInt64 = 0
    private(set) var include: UInt64 = 0
    private(set) var exclude: UInt64 = 0
    /// By byte: the states that it moves on.
    private(set) var advance = [UInt64](repeating: 0, count: 256)

    private var used = 0

    /// - Throws: when the patterns need more than 64 states.
    init(include: [String], exclude: [String]) throws(ProbeError) {
        for pattern in include { self.include |= try add(pattern) }
        for pattern in exclude { self.exclude |= try add(pattern) }
    }

    /// Adds a pattern and returns its final state.
    private mutating func add(_ pattern: String) throws(ProbeError) -> UInt64 {
        let tokens = GlobToken.tokens(of: pattern)
        guard used + tokens.count(where: { $0 != .star }) < 64 else {
            throw ProbeError(.choose, "the name patterns", detail: "together they are longer than 64 characters")
        }
        start |= bit
        for token in tokens { add(token) }
        defer { used += 1 }
        return bit
    }

    private var bit: UInt64 { 1 << UInt64(used) }

    private mutating func add(_ token: GlobToken) {
        if token == .star {
            loop |= bit
            return
        }
        for byte in 1...255 where token.matches(UInt8(byte)) { advance[byte] |= bit }
        used += 1
    }
}

/// One position of a glob.
enum GlobToken: Equatable {
    case star
    case any
    case byte(UInt8)
    case oneOf([ClosedRange<UInt8>], negated: Bool)

    func matches(_ byte: UInt8) -> Bool {
        switch self {
        case .star, .any: true
        case .byte(let wanted): byte == wanted
        case .oneOf(let ranges, let negated): ranges.contains { $0.contains(byte) } != negated
        }
    }

    /// The positions of a pattern, as glob(7) reads it; a bracket that is never closed stands for itself.
    static func tokens(of pattern: String) -> [GlobToken] {
        var rest = Array(pattern.utf8)[...]
        var tokens: [GlobToken] = []
        while let first = rest.popFirst() {
            switch first {
            case UInt8(ascii: "*"): tokens.append(.star)
            case UInt8(ascii: "?"): tokens.append(.any)
            case UInt8(ascii: "["): tokens.append(bracket(&rest) ?? .byte(first))
            case UInt8(ascii: "\\"): tokens.append(.byte(rest.popFirst() ?? first))
            default: tokens.append(.byte(first))
            }
        }
        return tokens
    }

    /// What stands between brackets: `]` first is a literal, `!` or `^` before it negates.
    private static func bracket(_ rest: inout ArraySlice<UInt8>) -> GlobToken? {
        var body = rest
        let negated = body.first == UInt8(ascii: "!") || body.first == UInt8(ascii: "^")
        if negated { body.removeFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        while let low = body.popFirst() {
            if low == UInt8(ascii: "]"), !ranges.isEmpty {
                rest = body
                return .oneOf(ranges, negated: negated)
            }
            ranges.append(range(from: low, &body))
        }
        return nil
    }

    private static func range(from low: UInt8, _ body: inout ArraySlice<UInt8>) -> ClosedRange<UInt8> {
        guard body.first == UInt8(ascii: "-"), let high = body.dropFirst().first, high != UInt8(ascii: "]"),
            high >= low
        else { return low...low }
        body = body.dropFirst(2)
        return low...high
    }
}
