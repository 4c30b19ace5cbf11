public import FaultModel
public import TraceModel
public import WireProtocol

/// One line for each fault, in aligned columns, and one for each gap:
///
///     0.000123  cat   4120/4163  user  write  missing  minor  1.25us  0x7f0e8c000010  0x55d0c2a01123  W|U  first touch
///
/// Seconds since the start, name, process/thread, then mode, access, presence, outcome and the time taken as far
/// as the session's columns have them, the address, the instruction, the error code's flags and the cause; below it an indented line for
/// each frame of its stacks. The ending is not written here: it is no event (see `EndingReport`).
public struct TextLines: LineFormat {
    private let palette: Palette
    private let stacks: StackKinds
    private var layout = LineLayout(columns: [])
    private var startNs: UInt64 = 0
    private var threads = FragmentCache<FaultThread>(slots: 4096)
    private var kinds = FragmentCache<FaultKind>(slots: 64)
    private var flags = FragmentCache<FaultKind>(slots: 64)

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
        threads.append(fault.thread, to: &text) { layout.appendThread($0, to: &$1) }
        kinds.append(fault.kind, to: &text) { layout.appendKind($0, palette, to: &$1) }
        layout.appendLatency(fault.latencyNs, to: &text)
        appendAddresses(of: fault, to: &text)
        flags.append(fault.kind, to: &text) { layout.appendFlags($0, to: &$1) }
        layout.appendCause(fault.cause, to: &text)
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

    private func appendAddresses(of fault: PageFault, to text: inout TextBuffer) {
        var start = text.count
        text.hexadecimal(fault.address)
        text.pad(from: start, to: LineLayout.addressWidth)
        start = text.count
        text.hexadecimal(fault.ip)
        let isLast = !layout.hasCause && (!layout.hasFlags || fault.kind.errorCode == nil)
        if !isLast { text.pad(from: start, to: LineLayout.addressWidth) }
    }
}
