import FaultModel
import TraceModel

/// Which columns a line has and how wide they are.
struct LineLayout: Sendable {
    static let timeWidth = 12
    static let nameWidth = 17
    /// Two ids of up to seven digits.
    static let idsWidth = 16
    /// `0x`, sixteen digits and two spaces.
    static let addressWidth = 20
    /// `9.99ms` to the right, and two spaces.
    static let latencyWidth = 6
    /// x86's longest usual flags, `P|W|U|PK`, and two spaces.
    static let flagsWidth = 10

    /// A column that the kind of fault decides.
    private enum Trait: CaseIterable {
        case mode, access, presence, outcome

        var column: Column {
            switch self {
            case .mode: .mode
            case .access: .access
            case .presence: .present
            case .outcome: .outcome
            }
        }

        var heading: String {
            switch self {
            case .mode: "mode"
            case .access: "access"
            case .presence: "page"
            case .outcome: "outcome"
            }
        }

        var width: Int {
            switch self {
            case .mode: 8
            case .access: 9
            case .presence: 12
            case .outcome: 8
            }
        }
    }

    private let traits: [Trait]
    let hasFlags: Bool
    let hasLatency: Bool
    let hasCause: Bool

    init(columns: [Column]) {
        traits = Trait.allCases.filter { columns.contains($0.column) }
        hasFlags = columns.contains(.errorCode)
        hasLatency = columns.contains(.latency)
        hasCause = columns.contains(.cause)
    }

    var heading: String {
        var text = TextBuffer()
        text.append("     seconds  ")
        text.append("name", width: Self.nameWidth)
        text.append("pid/tid", width: Self.idsWidth)
        for trait in traits { text.append(trait.heading, width: trait.width) }
        if hasLatency { text.append(" taken  ") }
        text.append("address", width: Self.addressWidth)
        let last: [(String, Int)] = [("instruction", Self.addressWidth)] + (hasFlags ? [("flags", Self.flagsWidth)] : [])
            + (hasCause ? [("cause", 0)] : [])
        for (place, (word, width)) in last.enumerated() {
            if place < last.count - 1 { text.append(word, width: width) } else { text.append(text: word) }
        }
        text.append("\n")
        return text.string
    }

    // MARK: The parts of a line

    func appendThread(_ thread: FaultThread, to text: inout TextBuffer) {
        text.append(SafeText.escaped(thread.comm.bytes), width: Self.nameWidth)
        text.append("\(thread.pid)/\(thread.tid)", width: Self.idsWidth)
    }

    func appendKind(_ kind: FaultKind, _ palette: Palette, to text: inout TextBuffer) {
        for trait in traits {
            if trait == .access { text.append(palette.code(of: kind.traits.access)) }
            text.append(word(trait, of: kind.traits), width: trait.width)
            if trait == .access { text.append(palette.reset) }
        }
    }

    /// Three digits and a unit, to the right; a dash where the latency is not known.
    func appendLatency(_ latencyNs: UInt64?, to text: inout TextBuffer) {
        guard hasLatency else { return }
        if let latencyNs { text.latency(latencyNs, width: Self.latencyWidth) } else { text.append("     -") }
        text.append("  ")
    }

    func appendFlags(_ kind: FaultKind, to text: inout TextBuffer) {
        guard hasFlags else { return }
        let flags = kind.errorCode?.flagText ?? ""
        if hasCause { text.append(flags, width: Self.flagsWidth) } else { text.append(text: flags) }
    }

    func appendCause(_ cause: FaultCause?, to text: inout TextBuffer) {
        if hasCause { text.append(text: cause?.words ?? "-") }
        text.append("\n")
    }

    private func word(_ trait: Trait, of traits: FaultTraits) -> String {
        switch trait {
        case .mode: traits.mode?.name ?? "-"
        case .access: traits.access?.name ?? "-"
        case .presence: presenceWord(traits.present)
        case .outcome: traits.outcome?.name ?? "-"
        }
    }
}

/// What stood at the address: no page, or one that did not allow the access.
func presenceWord(_ present: Bool?) -> String {
    switch present {
    case false?: "missing"
    case true?: "protected"
    case nil: "-"
    }
}

extension ErrorCode {
    /// The flags with bars between them; `0` for a code without any.
    var flagText: String { flags.isEmpty ? "0" : flags.joined(separator: "|") }
}

extension TextBuffer {
    /// Adds text that takes `width` columns with the spaces behind it, of which there is one at least.
    mutating func append(_ text: String, width: Int) {
        append(text: text)
        for _ in 0..<max(1, width - SafeText.width(text)) { append(UInt8(ascii: " ")) }
    }
}
