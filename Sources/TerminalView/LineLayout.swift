import FaultModel
import TraceModel

/// Which columns a line has and how wide they are. Two spaces end each but the last.
struct LineLayout: Sendable {
    static let timeWidth = 12
    static let processWidth = 22
    /// Two ids of up to seven digits.
    static let idsWidth = 16
    static let nameWidth = 17
    /// `9.99ms` to the right, and two spaces.
    static let latencyWidth = 6
    /// x86's longest usual flags, `P|W|U|PK`.
    static let flagsWidth = 10
    /// A name, and how far into it.
    static let placeWidth = 36
    static let whyWidth = 26

    /// A column that the kind of fault decides.
    private enum Trait: CaseIterable {
        case mode, access, outcome

        var column: Column {
            switch self {
            case .mode: .mode
            case .access: .access
            case .outcome: .outcome
            }
        }

        var width: Int { self == .access ? 9 : 8 }
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
        text.append("process", width: Self.processWidth)
        text.append("pid/tid", width: Self.idsWidth)
        text.append("thread", width: Self.nameWidth)
        for trait in traits { text.append(trait.column.name, width: trait.width) }
        if hasLatency { text.append(" taken  ") }
        if hasFlags { text.append("flags", width: Self.flagsWidth) }
        text.append("where", width: Self.placeWidth)
        text.append(hasCause ? "region, cause" : "region", width: Self.whyWidth)
        text.append("instruction\n")
        return text.string
    }

    // MARK: The parts of a line

    func appendThread(_ key: ThreadKey, _ names: TraceNames, to text: inout TextBuffer) {
        let (process, comm) = (names.processName(key), SafeText.escaped(key.thread.comm.bytes))
        let isThreads = process == key.thread.comm.text
        let shown = isThreads ? comm : SafeText.shortened(process, to: Self.processWidth - 2)
        text.append(shown, width: Self.processWidth)
        text.append("\(key.thread.pid)/\(key.thread.tid)", width: Self.idsWidth)
        text.append(comm, width: Self.nameWidth)
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
        text.append(kind.errorCode?.flagText ?? "-", width: Self.flagsWidth)
    }

    /// What the memory is for, and why there was a fault.
    func append(_ why: Why, to text: inout TextBuffer) {
        let words = [why.region == .unknown ? nil : why.region.name, hasCause ? why.cause?.words : nil].compactMap { $0 }
        text.append(words.isEmpty ? "-" : words.joined(separator: ", "), width: Self.whyWidth)
    }

    private func word(_ trait: Trait, of traits: FaultTraits) -> String {
        switch trait {
        case .mode: traits.mode?.name ?? "-"
        case .access: traits.access?.name ?? "-"
        case .outcome: traits.outcome?.name ?? "-"
        }
    }
}

/// What the words for a fault depend on.
struct Why: FragmentKey {
    let region: MemoryRegion
    let cause: FaultCause?

    init(_ fault: PageFault) { (region, cause) = (fault.place.region, fault.cause) }

    var slotHash: Int { Int(region.rawValue) << 4 | Int(cause?.rawValue ?? 0) }
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
