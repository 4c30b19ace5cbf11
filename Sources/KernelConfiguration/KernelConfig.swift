/// The options that matter out of a kernel's configuration, as /proc/config.gz unpacks to. Pure: takes a dump as well.
public struct KernelConfig: Equatable, Sendable {
    public enum Value: Equatable, Sendable {
        case builtIn
        case module
        case off
        /// A number or a string in quotes.
        case other(String)
    }

    /// The architecture as the heading has it: the name of its folder in the kernel's sources.
    public private(set) var arch: String?
    /// Linux's release as the heading has it; vendors add to it when they build.
    public private(set) var release: String?
    private var values: [KernelOption: Value] = [:]
    /// How many options were seen, ours or not: none means that this is no configuration.
    public private(set) var optionCount = 0
    /// How many lines were seen that no configuration has.
    public private(set) var strangeLineCount = 0

    /// Reads what scripts/kconfig/confdata.c writes; lines that it would not write are counted and passed over.
    public init(text: [UInt8]) {
        for line in text.split(separator: UInt8(ascii: "\n")) { read(withoutTrailingSpace(line)) }
    }

    public subscript(option: KernelOption) -> Value? { values[option] }

    /// Whether the kernel has it. An option that is not mentioned is off: what it depends on is.
    public func isOn(_ option: KernelOption) -> Bool {
        switch values[option] {
        case .builtIn?, .module?: true
        case .off?, .other?, nil: false
        }
    }

    /// A string's value, without its quotes.
    public func text(_ option: KernelOption) -> String? {
        guard case .other(let value)? = values[option] else { return nil }
        let quote = UInt8(ascii: "\"")
        guard value.utf8.count >= 2, value.utf8.first == quote, value.utf8.last == quote else { return value }
        return String(decoding: value.utf8.dropFirst().dropLast(), as: UTF8.self)
    }
}

// MARK: - Reading

extension KernelConfig {
    private mutating func read(_ line: ArraySlice<UInt8>) {
        if line.isEmpty { return }
        if let rest = line.dropping("# Linux/") { return readHeading(rest) }
        if let rest = line.dropping("# ") { return readUnset(rest) }
        if line.first == UInt8(ascii: "#") { return }
        guard line.starts(with: "CONFIG_".utf8), let equals = line.firstIndex(of: UInt8(ascii: "=")) else {
            return strangeLineCount += 1
        }
        set(line[..<equals], to: Value(line[(equals + 1)...]))
    }

    /// `x86 6.1.55 Kernel Configuration`
    private mutating func readHeading(_ text: ArraySlice<UInt8>) {
        let words = text.split(separator: UInt8(ascii: " "))
        guard words.count == 4, words[2].elementsEqual("Kernel".utf8) else { return }
        arch = String(decoding: words[0], as: UTF8.self)
        release = String(decoding: words[1], as: UTF8.self)
    }

    /// `CONFIG_KPROBES is not set`
    private mutating func readUnset(_ text: ArraySlice<UInt8>) {
        let words = text.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard words.count == 2, words[0].starts(with: "CONFIG_".utf8) else { return }
        if words[1].elementsEqual("is not set".utf8) { set(words[0], to: .off) }
    }

    private mutating func set(_ name: ArraySlice<UInt8>, to value: Value) {
        optionCount += 1
        guard let option = KernelOption(name: String(decoding: name, as: UTF8.self)) else { return }
        values[option] = value
    }
}

extension KernelConfig.Value {
    fileprivate init(_ text: ArraySlice<UInt8>) {
        switch String(decoding: text, as: UTF8.self) {
        case "y": self = .builtIn
        case "m": self = .module
        case "n": self = .off
        case let other: self = .other(other)
        }
    }
}

/// Windows adds carriage returns, and terminals from which a dump was copied add blanks.
private func withoutTrailingSpace(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while let last = line.last, last <= UInt8(ascii: " ") { line.removeLast() }
    return line
}

extension ArraySlice<UInt8> {
    /// What follows the prefix; nil when it is not there.
    fileprivate func dropping(_ prefix: StaticString) -> ArraySlice<UInt8>? {
        let matches = prefix.withUTF8Buffer { starts(with: $0) }
        return matches ? dropFirst(prefix.utf8CodeUnitCount) : nil
    }
}
