/// Text that cannot command the terminal, and how many of its columns it takes.
public enum SafeText {
    /// The bytes as text in which every control character, every character that turns or hides text and every byte
    /// that is not UTF-8 is spelt out: `\x1b`, `\u{202e}`. A backslash is doubled, so that nothing can pose as one.
    public static func escaped(_ bytes: [UInt8]) -> String {
        var text = ""
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let scalar = firstScalar(of: rest) else {
                text += hexEscape(rest.removeFirst())
                continue
            }
            text += escaped(scalar)
            rest = rest.dropFirst(UTF8.width(scalar))
        }
        return text
    }

    /// A name, escaped, in so many columns at most: of a longer one the end, where names differ.
    static func shortened(_ name: String, to columns: Int) -> String {
        let whole = escaped(Array(name.utf8))
        guard width(whole) > columns else { return whole }
        var end = Substring(whole)
        while width(String(end)) > columns - 2 { end = end.dropFirst() }
        return ".." + end
    }

    /// A name, escaped, in so many columns at most: of a longer path the end with the whole last name, if that fits; of anything else
    /// the beginning.
    static func fitted(_ name: String, to columns: Int) -> String {
        guard columns > 2 else { return "" }
        if name.hasPrefix("/"), let slash = name.lastIndex(of: "/") {
            let last = name[name.index(after: slash)...]
            return last.count > columns - 3 ? fitted(String(last), to: columns) : shortened(name, to: columns)
        }
        // No column takes more than four bytes, so that of a very long name the rest need not be looked at.
        let whole = escaped(Array(name.utf8.prefix(columns * 4 + 4)))
        guard width(whole) > columns else { return whole }
        var (start, taken) = ("", 0)
        for character in whole {
            taken += width(String(character))
            if taken > columns - 2 { break }
            start.append(character)
        }
        return start + ".."
    }

    /// Columns that escaped text takes on a terminal.
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    // MARK: Scalars

    /// The scalar that the bytes begin with; nil where they are not UTF-8.
    private static func firstScalar(of bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return scalar
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control: hexEscape(UInt8(scalar.value))
        case .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            "\\u{" + String(scalar.value, radix: 16) + "}"
        default: scalar == "\\" ? #"\\"# : String(Character(scalar))
        }
    }

    private static func hexEscape(_ byte: UInt8) -> String {
        #"\x"# + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: 0
        default: isWide(scalar.value) ? 2 : 1
        }
    }

    /// East Asian wide and emoji, by block: what comm can hold of them is three to five characters.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
            0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd:
            true
        default: false
        }
    }
}
