import CDemangle

/// Functions' names as their source has them: C++, Rust (the older scheme, which looks like C++) and Swift. Any other is left as it is.
enum Demangler {
    /// What is longer is left as it is.
    private static let limit = 2048
    /// References of a C++ name to a part of itself that it has named before. Two of them double the text, so that a short name can
    /// stand for gigabytes; two in a thousand real names have more.
    private static let referenceLimit = 24

    static func demangled(_ name: String) -> String {
        guard name.utf8.count <= limit else { return name }
        if name.hasPrefix("_Z") { return references(name) > referenceLimit ? name : taken(demangle_itanium(name)) ?? name }
        if name.hasPrefix("$s") || name.hasPrefix("$S") || name.hasPrefix("_$s") || name.hasPrefix("_T0") {
            return taken(demangle_swift(name)) ?? name
        }
        return name
    }

    /// `S_`, `S0_`, `T1A_` and the like (Itanium C++ ABI, 5.1.8 and 5.1.10).
    private static func references(_ name: String) -> Int {
        var (count, isInside) = (0, false)
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "S"), UInt8(ascii: "T"): isInside = true
            case UInt8(ascii: "_"):
                if isInside { count += 1 }
                isInside = false
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
            default: isInside = false
            }
        }
        return count
    }

    private static func taken(_ text: UnsafeMutablePointer<CChar>?) -> String? {
        guard let text else { return nil }
        defer { demangle_free(text) }
        return String(cString: text)
    }
}
