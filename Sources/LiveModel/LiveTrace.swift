public import FaultModel
import Synchronization
public import TraceModel
public import WireProtocol

/// Whether a trace still grows.
public enum LiveConnection: Equatable, Sendable {
    case live
    /// The device is not there, or not yet; why, in a sentence.
    case waiting(reason: String)
    /// It is a recording.
    ///
    /// - Parameter missing: why not all of it is there, in words; nil: all is.
    case ended(missing: String?)
}

/// A trace that is looked at while it runs, by any number of viewers. One side feeds it, others ask what it has come to.
public final class LiveTrace: Sendable {
    /// What the device is called.
    public let label: String
    /// It happened before, and is looked at as a whole.
    public let isRecording: Bool
    private let state: Mutex<LiveState>

    /// - Parameter binNs: the finest step of time, which grows with the trace.
    public init(label: String, isRecording: Bool = false, binNs: UInt64 = 250_000_000) {
        self.label = label
        self.isRecording = isRecording
        state = Mutex(LiveState(binNs: binNs))
    }

    /// Takes the trace's faults; one at a time.
    public var sink: LiveSink { LiveSink(self) }

    /// Keeps what a message says of the agent; other messages are nothing to it.
    public func note(_ message: AgentMessage) {
        if case .stats(let stats) = message { state.withLock { $0.agent = stats } }
    }

    public func become(_ connection: LiveConnection) { state.withLock { $0.connection = connection } }

    /// What it has come to, as far as a viewer wants to know. It is added up from a copy: viewers do not hold up the trace.
    public func view(_ query: LiveQuery) -> LiveView { copy.view(query) }

    private var copy: LiveState { state.withLock { $0 } }

    public var metrics: LiveMetrics { LiveMetrics(copy) }

    fileprivate func update(_ body: (inout sending LiveState) -> Void) { state.withLock { body(&$0) } }
}

/// Feeds a `LiveTrace`. Faults may come in any order.
public struct LiveSink: EventSink {
    private let trace: LiveTrace

    init(_ trace: LiveTrace) { self.trace = trace }

    public mutating func begin(_ session: TraceSession) throws(Never) { trace.update { $0.begin(session) } }

    public mutating func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) throws(Never) {
        trace.update { $0.consume(faults, names) }
    }

    public mutating func lost(_ gap: Lost) throws(Never) { trace.update { $0.add(gap) } }

    public mutating func interrupted(_ outage: Outage) throws(Never) { trace.update { $0.add(outage) } }

    public mutating func reached(_ timeNs: UInt64, _ names: TraceNames) throws(Never) { trace.update { $0.reached(timeNs, names) } }

    public mutating func finish(_ summary: TraceSummary) throws(Never) { trace.update { $0.finish(summary) } }
}

/// What monitoring wants to know of a trace.
public struct LiveMetrics: Sendable {
    public let counters: MetricCounters
    public let session: TraceSession?
    public let isConnected: Bool
    /// How often its device came.
    public let sessions: UInt64
    public let lost: UInt64
    /// Over all sessions: CPU time, events and bytes.
    public let agentCPUTimeNs: UInt64
    public let agentEvents: UInt64
    public let agentBytesSent: UInt64
    /// nil: there is no agent.
    public let agentResidentBytes: UInt64?

    init(_ state: LiveState) {
        (counters, session, sessions, lost) = (state.metrics, state.session, state.sessions, state.lost)
        isConnected = state.connection == .live
        let (former, agent) = (state.formerAgents, state.agent)
        agentCPUTimeNs = former.cpuTimeNs &+ (agent?.cpuTimeNs ?? 0)
        agentEvents = former.events &+ (agent?.events ?? 0)
        agentBytesSent = former.bytesSent &+ (agent?.bytesSent ?? 0)
        agentResidentBytes = isConnected ? agent?.residentBytes : nil
    }
}
