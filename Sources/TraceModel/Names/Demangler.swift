import CDemangle

/// Functions' names as their source has them: C++, Rust (the older scheme, which looks like C++) and Swift. Any other is left as it is.
enum Demangler {
    /// What is longer is left as it is: a name's text can be far longer than the name.
    private static let limit = 2048

    static func demangled(_ name: String) -> String {
        guard name.utf8.count <= limit else { return name }
        if name.hasPrefix("_Z") { return taken(demangle_itanium(name)) ?? name }
        if name.hasPrefix("$s") || name.hasPrefix("$S") || name.hasPrefix("_$s") || name.hasPrefix("_T0") {
            return taken(demangle_swift(name)) ?? name
        }
        return name
    }

    private static func taken(_ text: UnsafeMutablePointer<CChar>?) -> String? {
        guard let text else { return nil }
        defer { demangle_free(text) }
        return String(cString: text)
    }
}
