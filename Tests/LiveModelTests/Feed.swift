import FaultModel
import LiveModel
import TraceFixtures
import TraceModel
import WireProtocol

/// Feeds a trace as an agent would.
struct Feed {
    let trace: LiveTrace
    private var sink: LiveSink
    private var names: TraceNames

    init(_ label: String = "device", binNs: UInt64 = 250_000_000) {
        trace = LiveTrace(label: label, binNs: binNs)
        sink = trace.sink
        names = TraceNames()
    }

    mutating func begin(_ session: TraceSession = TraceFixtures.session()) { sink.begin(session) }
    mutating func take(_ faults: [PageFault], _ names: TraceNames = TraceNames()) { sink.consume(faults[...], names) }
    mutating func lose(_ count: UInt64, atNs timeNs: UInt64) { sink.lost(Lost(cpu: 0, count: count, firstNs: timeNs, lastNs: timeNs)) }

    var view: LiveView { trace.view(LiveQuery()) }

    func view(_ change: (inout LiveQuery) -> Void) -> LiveView {
        var query = LiveQuery()
        change(&query)
        return trace.view(query)
    }
}

let second: UInt64 = 1_000_000_000

extension PageFault {
    func with(_ cause: FaultCause?, latencyNs: UInt64? = nil) -> PageFault {
        var fault = self
        (fault.cause, fault.latencyNs) = (cause, latencyNs)
        return fault
    }
}
