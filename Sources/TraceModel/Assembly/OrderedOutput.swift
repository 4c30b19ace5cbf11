import FaultModel
import WireProtocol

/// Puts faults into order of time and hands them to a sink; when that has failed once, to nobody.
public struct OrderedOutput<Failure: Error>: Sendable {
    /// In which order a sink gets faults.
    public enum Order: Sendable {
        case ofTime
        /// For a sink that only adds up: nothing waits, and nothing is sorted.
        case ofComing
        /// None at all: the sink gets the beginning and the end.
        case noFaults
    }

    /// Why the sink takes nothing any more.
    public private(set) var error: Failure?
    private var sink: (any EventSink<Failure>)?
    private var order = TimeOrder()
    private let sequence: Order

    /// - Parameter sink: nil: nobody takes anything.
    public init(_ sink: (any EventSink<Failure>)?, order: Order = .ofTime) {
        self.sink = sink
        sequence = order
    }

    mutating func begin(_ session: TraceSession) {
        write { sink throws(Failure) in try sink.begin(session) }
    }

    mutating func add(_ faults: [PageFault], _ names: TraceNames) {
        guard sink != nil else { return }
        switch sequence {
        case .ofTime:
            for fault in faults { order.add(fault) }
            handOut(names) { order, body throws(Failure) in try order.relieve(to: body) }
        case .ofComing: write { sink throws(Failure) in try sink.consume(faults[...], names) }
        case .noFaults: break
        }
    }

    mutating func add(_ gap: Lost) {
        guard sink != nil else { return }
        switch sequence {
        case .ofTime: order.add(gap)
        case .ofComing: write { sink throws(Failure) in try sink.lost(gap) }
        case .noFaults: break
        }
    }

    /// Everything up to this time has come: out with it.
    mutating func release(untilNs timeNs: UInt64, _ names: TraceNames) {
        handOut(names) { order, body throws(Failure) in try order.release(untilNs: timeNs, to: body) }
        write { sink throws(Failure) in try sink.reached(timeNs, names) }
    }

    /// Nothing that belongs before what waits comes any more.
    mutating func releaseAll(_ names: TraceNames) {
        handOut(names) { order, body throws(Failure) in try order.finish(to: body) }
    }

    mutating func interrupt(_ outage: Outage) {
        if case .noFaults = sequence { return }
        write { sink throws(Failure) in try sink.interrupted(outage) }
    }

    mutating func note(_ times: CPUTimes) {
        write { sink throws(Failure) in try sink.ran(times) }
    }

    mutating func finish(_ summary: TraceSummary, _ names: TraceNames) {
        releaseAll(names)
        write { sink throws(Failure) in try sink.finish(summary) }
    }

    private typealias Body = (TimeOrder.Piece) throws(Failure) -> Void

    private mutating func handOut(_ names: TraceNames, _ take: (inout TimeOrder, Body) throws(Failure) -> Void) {
        var order = TimeOrder()
        swap(&order, &self.order)
        write { sink throws(Failure) in
            try take(&order) { piece throws(Failure) in try sink.consume(piece, names) }
        }
        if error == nil { swap(&order, &self.order) }
    }

    /// The sink is taken out while it works, so that nothing is copied.
    private mutating func write(_ body: (inout any EventSink<Failure>) throws(Failure) -> Void) {
        guard var sink = self.sink.take() else { return }
        do throws(Failure) {
            try body(&sink)
            self.sink = sink
        } catch {
            self.error = error
        }
    }
}
