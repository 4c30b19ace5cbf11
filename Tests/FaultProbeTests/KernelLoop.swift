import CFaultRecord

@testable import FaultProbe

extension CommAutomaton {
    /// What comm_passes of bpf/filter.bpf.h does, step by step: at most sixteen bytes, up to the first NUL.
    func passes(_ name: [UInt8]) -> Bool {
        var states = start
        for byte in name.prefix(Int(FAULT_COMM_LENGTH)) {
            if byte == 0 { break }
            states = ((states & advance[Int(byte)]) << 1) | (states & loop)
        }
        if states & exclude != 0 { return false }
        return include == 0 || states & include != 0
    }
}

/// A glob matcher without any cleverness: it tries everything.
enum PlainGlob {
    static func passes(_ name: [UInt8], include: [String], exclude: [String]) -> Bool {
        let matches = { (pattern: String) in Self.matches(Array(pattern.utf8)[...], name[...]) }
        return !exclude.contains(where: matches) && (include.isEmpty || include.contains(where: matches))
    }

    static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        let rest = pattern.dropFirst()
        switch Character(UnicodeScalar(first)) {
        case "*": return matches(rest, name) || (!name.isEmpty && matches(pattern, name.dropFirst()))
        case "?": return !name.isEmpty && matches(rest, name.dropFirst())
        case "\\" where !rest.isEmpty:
            return name.first == rest.first && matches(rest.dropFirst(), name.dropFirst())
        case "[":
            if let (set, after) = bracket(rest) {
                return name.first.map { set.contains($0) } == true && matches(after, name.dropFirst())
            }
            fallthrough
        default: return name.first == first && matches(rest, name.dropFirst())
        }
    }

    /// The bytes that a bracket stands for, and what follows it; nil if it is never closed.
    private static func bracket(_ text: ArraySlice<UInt8>) -> (Set<UInt8>, ArraySlice<UInt8>)? {
        let isNegated = text.first.map { "!^".utf8.contains($0) } == true
        let inside = isNegated ? text.dropFirst() : text
        guard let end = inside.dropFirst().firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let body = Array(inside[..<end])
        var set: Set<UInt8> = []
        var place = 0
        while place < body.count {
            if place + 2 < body.count, body[place + 1] == UInt8(ascii: "-"), body[place] <= body[place + 2] {
                set.formUnion(body[place]...body[place + 2])
                place += 3
            } else {
                set.insert(body[place])
                place += 1
            }
        }
        return (isNegated ? Set(1...255).subtracting(set) : set, inside[end...].dropFirst())
    }
}

/// Numbers that look random and are the same in each run (SplitMix64, Steele et al. 2014).
struct Chance {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: UInt64) -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return (mixed ^ mixed >> 31) % bound
    }

    mutating func pick(_ characters: String) -> UInt8 {
        let bytes = Array(characters.utf8)
        return bytes[Int(below(UInt64(bytes.count)))]
    }
}
