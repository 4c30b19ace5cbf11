/// A key that was pressed.
public enum Key: Equatable, Sendable {
    case character(Character)
    case up, down, left, right, home, end, pageUp, pageDown
    case enter, tab, backTab, backspace, escape
    /// With the control key, by its letter.
    case control(Character)
}

/// Makes keys of what a terminal sends, however it is cut into pieces. What it does not know is passed over.
public struct KeyParser: Sendable {
    /// No key is longer; what is, is no key.
    private static let longest = 32

    private var bytes: [UInt8] = []

    public init() {}

    /// Whether a key has begun that may go on.
    public var isWaiting: Bool { !bytes.isEmpty }

    /// Takes what has come.
    ///
    /// - Returns: the keys that are whole.
    public mutating func take(_ more: [UInt8]) -> [Key] {
        bytes += more
        var keys: [Key] = []
        while let (key, length) = next() {
            bytes.removeFirst(length)
            if let key { keys.append(key) }
        }
        if bytes.count > Self.longest { bytes = [] }
        return keys
    }

    /// Nothing more has come for a while: an escape that stands alone was the key of that name.
    public mutating func takeRest() -> [Key] {
        defer { bytes = [] }
        guard bytes.first == 0x1b else { return [] }
        return bytes.count == 1 ? [.escape] : []
    }

    /// The first key and its bytes; its key is nil where it is none that we know. nil: it is not whole.
    private func next() -> (Key?, Int)? {
        guard let first = bytes.first else { return nil }
        switch first {
        case 0x1b: return escape()
        case 0x0d, 0x0a: return (.enter, 1)
        case 0x09: return (.tab, 1)
        case 0x7f, 0x08: return (.backspace, 1)
        case 0x00: return (nil, 1)
        case 0x01...0x1a: return (.control(Character(Unicode.Scalar(first + 0x60))), 1)
        case 0x1c...0x1f: return (nil, 1)
        default: return character(first)
        }
    }

    private func character(_ first: UInt8) -> (Key?, Int)? {
        let length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
        guard length > 0 else { return (nil, 1) }
        guard bytes.count >= length else { return bytes.dropFirst().allSatisfy(Self.isContinuation) ? nil : (nil, 1) }
        guard let text = String(validating: bytes[..<length], as: UTF8.self), let character = text.first else { return (nil, 1) }
        return (.character(character), length)
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xc0 == 0x80 }

    // MARK: Sequences

    /// `ESC [ parameters letter`, `ESC O letter`; another escape, or any other byte, ends one that stands alone.
    private func escape() -> (Key?, Int)? {
        guard bytes.count > 1 else { return nil }
        switch bytes[1] {
        case UInt8(ascii: "["): return sequence()
        case UInt8(ascii: "O"): return bytes.count > 2 ? (Self.key(final: bytes[2]), 3) : nil
        default: return (.escape, 1)
        }
    }

    private func sequence() -> (Key?, Int)? {
        guard let end = bytes.indices.dropFirst(2).first(where: { !(0x20...0x3f).contains(bytes[$0]) }) else { return nil }
        let final = bytes[end]
        guard (0x40...0x7e).contains(final) else { return (nil, end) }
        let key = final == UInt8(ascii: "~") ? Self.key(number: bytes[2..<end]) : Self.key(final: final)
        return (key, end + 1)
    }

    private static func key(final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "Z"): .backTab
        case UInt8(ascii: "M"): .enter
        default: nil
        }
    }

    private static func key(number: ArraySlice<UInt8>) -> Key? {
        switch String(decoding: number.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self) {
        case "1", "7": .home
        case "4", "8": .end
        case "5": .pageUp
        case "6": .pageDown
        case "3": .backspace
        default: nil
        }
    }
}
