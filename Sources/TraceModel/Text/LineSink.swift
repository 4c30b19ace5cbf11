public import FaultModel
public import WireProtocol

/// What one text format makes of a trace. It only writes text; `LineSink` takes it to where it belongs.
public protocol LineFormat: Sendable {
    mutating func begin(_ session: TraceSession, to text: inout TextBuffer)
    mutating func fault(_ fault: PageFault, _ names: TraceNames, to text: inout TextBuffer)
    mutating func lost(_ gap: Lost, to text: inout TextBuffer)
    mutating func interrupted(_ outage: Outage, to text: inout TextBuffer)
    mutating func finish(_ summary: TraceSummary, to text: inout TextBuffer)
}

extension LineFormat {
    /// A format that has no word for it leaves it out.
    public mutating func interrupted(_ outage: Outage, to text: inout TextBuffer) {}
}

/// Writes a trace as lines of text and hands them on in whole buffers: at the latest when the call that brought the
/// events ends, so that a live trace is seen as it comes.
public struct LineSink<Format: LineFormat, Failure: Error>: EventSink {
    /// Bytes of text after which a buffer is handed on in the middle of a call.
    public static var bufferSize: Int { 64 << 10 }

    private var text = TextBuffer(capacity: bufferSize + 4096)
    private var format: Format
    private let write: @Sendable (RawSpan) throws(Failure) -> Void

    /// - Parameter write: takes whole lines; the bytes are good until it returns.
    public init(_ format: Format, write: @escaping @Sendable (RawSpan) throws(Failure) -> Void) {
        self.format = format
        self.write = write
    }

    public mutating func begin(_ session: TraceSession) throws(Failure) {
        format.begin(session, to: &text)
        try flush()
    }

    public mutating func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) throws(Failure) {
        for fault in faults {
            format.fault(fault, names, to: &text)
            if text.count >= Self.bufferSize { try flush() }
        }
        try flush()
    }

    public mutating func lost(_ gap: Lost) throws(Failure) {
        format.lost(gap, to: &text)
        try flush()
    }

    public mutating func interrupted(_ outage: Outage) throws(Failure) {
        format.interrupted(outage, to: &text)
        try flush()
    }

    public mutating func finish(_ summary: TraceSummary) throws(Failure) {
        format.finish(summary, to: &text)
        try flush()
    }

    private mutating func flush() throws(Failure) {
        if text.count == 0 { return }
        defer { text.removeAll() }
        try text.withSpan(write)
    }
}
