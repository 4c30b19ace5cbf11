import KernelConfiguration

extension KernelConfig {
    /// How many lines of a console may stand between the options of a dump before it is taken for something else.
    private static let optionsPerStrangeLine = 20

    /// - Parameter dump: the file's bytes.
    init(dump: [UInt8]) throws(DumpError) {
        let text = try DumpText.utf8(dump, of: .config)
        self.init(text: text)
        if strangeLineCount * Self.optionsPerStrangeLine > optionCount || optionCount == 0 {
            throw .unlike(.config, text)
        }
        if isCutOff(text) || self[.ftrace] == nil || state(.perfEvents) == nil || Architecture(self) == .unknown {
            throw DumpError(dump: .config, problem: .fragment)
        }
    }
}

/// Whether the text ends in the middle of a line: kconfig ends each, and of what was behind nothing is known.
private func isCutOff(_ text: [UInt8]) -> Bool {
    guard let last = text.last, last != UInt8(ascii: "\n"), last != UInt8(ascii: "\r") else { return false }
    let line = text.suffix(while: { $0 != UInt8(ascii: "\n") })
    if line.starts(with: "CONFIG_".utf8) {
        return !line.contains(UInt8(ascii: "=")) || last == UInt8(ascii: "=")
    }
    let isUnset = line.starts(with: "# CONFIG_".utf8) && line.elementsEqual(line.dropLast(11) + " is not set".utf8)
    return !isUnset && !line.starts(with: "# end of ".utf8)
}

extension [UInt8] {
    fileprivate func suffix(while holds: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let end = lastIndex { !holds($0) }
        return self[(end.map { $0 + 1 } ?? 0)...]
    }
}

extension DumpError {
    /// For text that is not the dump: the message that stands there, if it is one.
    static func unlike(_ dump: Dump, _ text: [UInt8]) -> DumpError {
        DumpError(dump: dump, problem: complaint(in: text).map { .complaint($0) } ?? .otherText)
    }

    /// What adb, cat, su and shells say when they cannot: errno's words, or names before a colon.
    private static let signs = ["no such file", "permission denied", "not found", "error:", "no devices", "is a directory", "inaccessible"]
    private static let longestQuote = 120

    /// The first of the first lines that looks like a message. Long texts are something else.
    private static func complaint(in text: [UInt8]) -> String? {
        let lines = text.split(separator: UInt8(ascii: "\n"), maxSplits: 8).prefix(8)
        let words = lines.map { String(decoding: $0.prefix(longestQuote), as: UTF8.self) }
        return words.first { line in signs.contains { line.lowercased().contains($0) } }
            .map { String($0.filter { !$0.isNewline }) }
    }
}
