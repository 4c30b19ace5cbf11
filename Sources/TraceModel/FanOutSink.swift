public import FaultModel
public import WireProtocol

/// Hands one trace to several sinks. One that fails gets nothing more, and the others go on.
///
/// It fails itself when none is left, at the latest when the trace ends, with the first failure.
public struct FanOutSink<Failure: Error>: EventSink {
    private var sinks: [any EventSink<Failure>]
    /// Of the sink that failed first; nil: none has.
    public private(set) var failure: Failure?

    public init(_ sinks: [any EventSink<Failure>]) { self.sinks = sinks }

    public mutating func begin(_ session: TraceSession) throws(Failure) {
        try hand { sink throws(Failure) in try sink.begin(session) }
    }

    public mutating func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) throws(Failure) {
        try hand { sink throws(Failure) in try sink.consume(faults, names) }
    }

    public mutating func lost(_ gap: Lost) throws(Failure) {
        try hand { sink throws(Failure) in try sink.lost(gap) }
    }

    public mutating func interrupted(_ outage: Outage) throws(Failure) {
        try hand { sink throws(Failure) in try sink.interrupted(outage) }
    }

    public mutating func reached(_ timeNs: UInt64, _ names: TraceNames) throws(Failure) {
        try hand { sink throws(Failure) in try sink.reached(timeNs, names) }
    }

    public mutating func ran(_ times: CPUTimes) throws(Failure) {
        try hand { sink throws(Failure) in try sink.ran(times) }
    }

    public mutating func finish(_ summary: TraceSummary) throws(Failure) {
        try hand { sink throws(Failure) in try sink.finish(summary) }
        if let failure { throw failure }
    }

    private mutating func hand(_ body: (inout any EventSink<Failure>) throws(Failure) -> Void) throws(Failure) {
        var place = 0
        while place < sinks.count {
            do throws(Failure) {
                try body(&sinks[place])
                place += 1
            } catch {
                failure = failure ?? error
                sinks.remove(at: place)
            }
        }
        if sinks.isEmpty, let failure { throw failure }
    }
}
