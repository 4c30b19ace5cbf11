/// What a browser must know to see a dashboard that is not only this machine's.
public struct AccessToken: Equatable, Sendable {
    public let text: String

    /// One that somebody has chosen: it must go into an address as it is, and take long to guess.
    public init?(_ text: String) {
        let allowed = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x2d || $0 == 0x5f }
        guard allowed, text.utf8.count >= 16 else { return nil }
        self.text = text
    }

    /// A new one, of 128 random bits.
    public static func random() -> AccessToken {
        var generator = SystemRandomNumberGenerator()
        let words = [generator.next(), generator.next()].map { word in
            let digits = String(word as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return AccessToken(words.joined())!
    }

    /// Takes as long for a nearly right one as for a wrong one.
    func matches(_ other: some StringProtocol) -> Bool {
        let (ours, theirs) = (Array(text.utf8), Array(other.utf8))
        guard ours.count == theirs.count else { return false }
        return zip(ours, theirs).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
