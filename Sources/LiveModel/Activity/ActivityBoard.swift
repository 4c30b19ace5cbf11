public import FaultModel
import Synchronization
public import TraceModel
public import WireProtocol

/// Where a trace's activity is added up by whoever receives it, and looked at by whoever shows it.
public final class ActivityBoard: Sendable {
    private let activity = Mutex<TraceActivity?>(nil)
    fileprivate let span: TraceActivity.Span

    public init(span: TraceActivity.Span = .latest) { self.span = span }

    /// How things stand; nil: the trace has not begun.
    public var state: TraceActivity? { activity.withLock { $0 } }

    /// Keeps what a message says of the time.
    public func note(_ message: AgentMessage) { activity.withLock { $0?.note(message) } }

    fileprivate func change(_ body: (inout TraceActivity?) -> Void) { activity.withLock { body(&$0) } }
}

/// Adds a trace's faults to a board. The order in which they come does not matter.
public struct ActivitySink<Failure: Error>: EventSink {
    private let board: ActivityBoard

    public init(_ board: ActivityBoard) { self.board = board }

    public mutating func begin(_ session: TraceSession) throws(Failure) {
        let span = board.span
        board.change { $0 = TraceActivity(startNs: session.startNs, weight: session.sampleEvery, span: span) }
    }

    public mutating func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) throws(Failure) {
        board.change { $0?.add(faults) }
    }

    public mutating func lost(_ gap: Lost) throws(Failure) {}
    public mutating func ran(_ times: CPUTimes) throws(Failure) { board.change { $0?.note(times) } }

    public mutating func finish(_ summary: TraceSummary) throws(Failure) {
        board.change { $0?.end(atNs: summary.session.startNs.addingOrMax(summary.durationNs)) }
    }
}
