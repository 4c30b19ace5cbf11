public import FaultModel
public import WireProtocol

/// Takes a trace in order of time and makes something of it: a file, a table, a page.
///
/// `begin` comes first and `finish` last, each once. `any EventSink<Failure>` throws `Failure`.
public protocol EventSink<Failure>: Sendable {
    /// What goes wrong when this sink hands its bytes on.
    associatedtype Failure: Error

    mutating func begin(_ session: TraceSession) throws(Failure)

    /// Takes the next faults, none of them earlier than the last one of the call before.
    ///
    /// - Parameter names: what the numbers in them stand for.
    mutating func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) throws(Failure)

    /// Takes a gap; it stands where the first missing fault would.
    mutating func lost(_ gap: Lost) throws(Failure)

    /// Takes a time of which nothing is known; it stands between the faults of the two sessions.
    mutating func interrupted(_ outage: Outage) throws(Failure)

    /// Takes word that every fault of an earlier time has been handed out. It comes a few times a second, also where nothing faults.
    ///
    /// - Parameter names: with the functions' names that have come since.
    mutating func reached(_ timeNs: UInt64, _ names: TraceNames) throws(Failure)

    /// Takes how long processes have run on CPUs, as of this place in the stream of faults.
    mutating func ran(_ times: CPUTimes) throws(Failure)

    mutating func finish(_ summary: TraceSummary) throws(Failure)
}

extension EventSink {
    /// A format that has no word for it leaves it out; the summary tells it in any case.
    public mutating func interrupted(_ outage: Outage) throws(Failure) {}

    /// Whoever writes each fault when it comes need not know.
    public mutating func reached(_ timeNs: UInt64, _ names: TraceNames) throws(Failure) {}

    /// The summary has the times in the end.
    public mutating func ran(_ times: CPUTimes) throws(Failure) {}

    /// Takes what `TimeOrder` hands out.
    public mutating func consume(_ piece: TimeOrder.Piece, _ names: TraceNames) throws(Failure) {
        switch piece {
        case .faults(let faults): try consume(faults, names)
        case .lost(let gap): try lost(gap)
        }
    }
}
