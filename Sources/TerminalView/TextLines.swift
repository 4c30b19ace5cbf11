public import FaultModel
public import TraceModel
public import WireProtocol

/// One line for each fault, in aligned columns, and one for each gap:
///
///     0.000123  cat  4120/4163  cat  user  write  minor  1.25us  W|U  libc.so.6+0x1e4a10  so, copy on write  ld-linux-x86-64.so.2!do_lookup_x+0x1c
///
/// Seconds since the start, process, process/thread, the thread's name, then mode, access, outcome, the time taken and the error
/// code's flags as far as the session's columns have them, the place of the address, what that is for with the cause, and the place of
/// the instruction; below it an indented line for each frame of its stacks. Places are files' last names; where none is known the
/// address itself stands. The ending is not written here: it is no event (see `EndingReport`).
public struct TextLines: LineFormat {
    private let palette: Palette
    private let stacks: StackKinds
    private var layout = LineLayout(columns: [])
    private var startNs: UInt64 = 0
    private var threads = FragmentCache<ThreadKey>(slots: 4096)
    private var kinds = FragmentCache<FaultKind>(slots: 64)
    private var flags = FragmentCache<FaultKind>(slots: 64)
    private var mappings = FragmentCache<MappingKey>(slots: 4096)
    private var whys = FragmentCache<Why>(slots: 1024)

    /// - Parameters:
    ///   - isColored: whether to use the terminal's colours.
    ///   - stacks: which of them faults bear.
    public init(isColored: Bool, stacks: StackKinds = []) {
        palette = Palette(isColored: isColored)
        self.stacks = stacks
    }

    public mutating func begin(_ session: TraceSession, to text: inout TextBuffer) {
        startNs = session.startNs
        layout = LineLayout(columns: session.columns)
    }

    public mutating func fault(_ fault: PageFault, _ names: TraceNames, to text: inout TextBuffer) {
        text.append(palette.dim)
        text.seconds(fault.timeNs, since: startNs, width: LineLayout.timeWidth)
        text.append(palette.reset)
        text.append("  ")
        let (layout, palette) = (layout, palette)
        threads.append(ThreadKey(fault), to: &text) { layout.appendThread($0, names, to: &$1) }
        kinds.append(fault.kind, to: &text) { layout.appendKind($0, palette, to: &$1) }
        layout.appendLatency(fault.latencyNs, to: &text)
        flags.append(fault.kind, to: &text) { layout.appendFlags($0, to: &$1) }
        let start = text.count
        append(fault.place, or: fault.address, names, to: &text)
        text.pad(from: start, to: LineLayout.placeWidth)
        whys.append(Why(fault), to: &text) { layout.append($0, to: &$1) }
        appendCode(of: fault, names, to: &text)
        text.append("\n")
        if !stacks.isEmpty { appendStacks(of: fault, names, to: &text) }
    }

    public mutating func lost(_ gap: Lost, to text: inout TextBuffer) {
        text.append(palette.warning)
        text.seconds(gap.firstNs, since: startNs, width: LineLayout.timeWidth)
        text.append("  -- ")
        text.decimal(gap.count)
        text.append(" lost on cpu ")
        text.decimal(UInt64(gap.cpu))
        text.append(" until ")
        text.seconds(gap.lastNs, since: startNs)
        text.append(" --")
        text.append(palette.reset)
        text.append("\n")
    }

    public mutating func interrupted(_ outage: Outage, to text: inout TextBuffer) {
        text.append(palette.warning)
        text.seconds(outage.sinceNs, since: startNs, width: LineLayout.timeWidth)
        text.append("  -- the connection was lost until ")
        text.seconds(outage.untilNs, since: startNs)
        text.append(text: ": faults of \(Quantity.duration(outage.durationNs)) are unknown --")
        text.append(palette.reset)
        text.append("\n")
    }

    public mutating func finish(_ summary: TraceSummary, to text: inout TextBuffer) {}

    /// The headings of the columns, one line, for a terminal: they are no event and do not belong on stdout.
    public static func heading(_ session: TraceSession) -> String {
        LineLayout(columns: session.columns).heading
    }

    /// The kernel's frames come first: they are the innermost.
    private func appendStacks(of fault: PageFault, _ names: TraceNames, to text: inout TextBuffer) {
        if stacks.contains(.kernel) { text.appendStack(fault.stacks.kernel, names) }
        if stacks.contains(.user) { text.appendStack(fault.stacks.user, names) }
    }

    /// How many columns a mapping's name may take.
    private static let nameWidth = 24

    private mutating func append(_ place: MemoryPlace, or address: UInt64, _ names: TraceNames, to text: inout TextBuffer) {
        if place.name == 0 { return text.hexadecimal(address) }
        appendName(of: place, names, to: &text)
        text.append("+")
        text.hexadecimal(place.offset)
    }

    private mutating func appendCode(of fault: PageFault, _ names: TraceNames, to text: inout TextBuffer) {
        guard let symbol = names.symbol(fault.code) else { return append(fault.code, or: fault.ip, names, to: &text) }
        appendName(of: fault.code, names, to: &text)
        text.append("!")
        text.append(text: SafeText.escaped(Array(symbol.name.utf8)))
        text.append("+")
        text.hexadecimal(symbol.offset)
    }

    private mutating func appendName(of place: MemoryPlace, _ names: TraceNames, to text: inout TextBuffer) {
        mappings.append(MappingKey(place), to: &text) { _, text in
            text.append(text: SafeText.shortened(Self.lastName(names.mapping(place) ?? ""), to: Self.nameWidth))
        }
    }

    /// A path's last part; a label may have slashes of its own.
    private static func lastName(_ name: String) -> String {
        guard name.hasPrefix("/"), let slash = name.lastIndex(of: "/") else { return name }
        return String(name[name.index(after: slash)...])
    }
}
