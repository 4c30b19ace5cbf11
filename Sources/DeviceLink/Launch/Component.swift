/// What an app is started by: its package, and one of its activities.
public struct Component: Equatable, Sendable {
    public var package: String
    /// In full, or from the package's name on, beginning with a dot.
    public var activity: String

    public init(package: String, activity: String) {
        self.package = package
        self.activity = activity
    }

    /// Android's short form: `com.example.app/.Main`.
    ///
    /// - Returns: nil for text that is no component.
    public init?(_ text: some StringProtocol) {
        let parts = String(text).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(Self.isName) else { return nil }
        self.init(package: String(parts[0]), activity: String(parts[1]))
    }

    /// Whether a text can be a package's or a class's name.
    public static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "._$".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
}

extension Component: CustomStringConvertible {
    public var description: String { "\(package)/\(activity)" }
}
