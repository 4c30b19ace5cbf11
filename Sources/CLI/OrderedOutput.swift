import FaultModel
import TraceModel
import WireProtocol

/// Puts faults into order of time and hands them to a sink; when that has failed once, to nobody.
struct OrderedOutput {
    /// Why the sink takes nothing any more.
    private(set) var error: OutputError?
    private var sink: (any EventSink<OutputError>)?
    private var order = TimeOrder()

    private let isQuiet: Bool

    /// - Parameter isQuiet: the sink gets the beginning and the end, and no faults.
    init(_ sink: any EventSink<OutputError>, isQuiet: Bool) {
        self.sink = sink
        self.isQuiet = isQuiet
    }

    mutating func begin(_ session: TraceSession) {
        write { sink throws(OutputError) in try sink.begin(session) }
    }

    mutating func add(_ faults: [PageFault], _ names: TraceNames) {
        guard sink != nil, !isQuiet else { return }
        for fault in faults { order.add(fault) }
        handOut(names) { order, body throws(OutputError) in try order.relieve(to: body) }
    }

    mutating func add(_ gap: Lost) {
        if sink != nil, !isQuiet { order.add(gap) }
    }

    /// Everything up to this time has come: out with it.
    mutating func release(untilNs timeNs: UInt64, _ names: TraceNames) {
        handOut(names) { order, body throws(OutputError) in try order.release(untilNs: timeNs, to: body) }
    }

    mutating func finish(_ summary: TraceSummary, _ names: TraceNames) {
        handOut(names) { order, body throws(OutputError) in try order.finish(to: body) }
        write { sink throws(OutputError) in try sink.finish(summary) }
    }

    private typealias Body = (TimeOrder.Piece) throws(OutputError) -> Void

    private mutating func handOut(_ names: TraceNames, _ take: (inout TimeOrder, Body) throws(OutputError) -> Void) {
        var order = TimeOrder()
        swap(&order, &self.order)
        write { sink throws(OutputError) in
            try take(&order) { piece throws(OutputError) in try sink.consume(piece, names) }
        }
        if error == nil { swap(&order, &self.order) }
    }

    /// The sink is taken out while it works, so that nothing is copied.
    private mutating func write(_ body: (inout any EventSink<OutputError>) throws(OutputError) -> Void) {
        guard var sink = self.sink.take() else { return }
        do throws(OutputError) {
            try body(&sink)
            self.sink = sink
        } catch {
            self.error = error
        }
    }
}
