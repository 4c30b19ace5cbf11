import FaultModel
import Synchronization
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct TraceAssemblyTests {
    private var script = AgentScript()
    private let log = CallLog()
    private let now = ContinuousClock.now

    private func assembly(
        wantsSymbols: Bool = false, order: OrderedOutput<CallError>.Order = .ofTime
    ) -> TraceAssembly<CallError> {
        TraceAssembly(hello: script.hello, wantsSymbols: wantsSymbols, output: OrderedOutput(LoggingSink(log), order: order))
    }

    @Test mutating func `faults come out in order of time, between the beginning and the end`() throws {
        var assembly = assembly()
        let gap = script.gap(3, atNs: 2_500)
        for message in [.started(script.started), script.batch([fault(3_000), fault(2_000)]), gap, script.bye] {
            try assembly.take(message, at: now)
        }
        #expect(log.calls == ["begin"])
        let ended = assembly.finish()
        let summary = try #require(ended)
        #expect(log.calls == ["begin", "2000", "lost 3", "3000", "finish 2"])
        #expect(summary.cut == nil && summary.lost == 3)
    }

    @Test mutating func `a round lets go what is complete`() throws {
        var assembly = assembly()
        for message in [.started(script.started), script.batch([fault(3_000), fault(2_000)]), .round(Round(completeUntilNs: 2_000))] {
            try assembly.take(message, at: now)
        }
        #expect(log.calls == ["begin", "2000"])
    }

    @Test mutating func `a sink that only adds up gets faults as they come, or none`() throws {
        var unsorted = assembly(order: .ofComing)
        let batch = script.batch([fault(3_000), fault(2_000)])
        for message in [.started(script.started), batch] { try unsorted.take(message, at: now) }
        #expect(log.calls == ["begin", "3000", "2000"])
        var none = assembly(order: .noFaults)
        for message in [.started(script.started), batch] { try none.take(message, at: now) }
        let summary = none.finish()
        #expect(summary?.events == 2)
        #expect(log.calls.suffix(2) == ["begin", "finish 2"])
    }

    @Test mutating func `a snapshot says at any time how things stand`() throws {
        var assembly = assembly()
        let none = assembly.snapshot()
        #expect(none == nil)
        let facts = ProcessFacts(
            timeNs: 1, pid: 100, parent: 1, uid: 0, bornNs: 0, name: "cat", commandLine: "cat x", executable: "/bin/cat", package: "")
        for message in [.started(script.started), .process(facts), script.batch([fault(2_000)])] {
            try assembly.take(message, at: now)
        }
        let taken = assembly.snapshot()
        let first = try #require(taken)
        try assembly.take(script.batch([fault(3_000)]), at: now)
        let second = assembly.snapshot()
        #expect(first.events == 1 && second?.events == 2)
        #expect(first.process(first.statistics.processes()[0])?.commandLine == "cat x")
    }

    @Test mutating func `it asks for the mappings and names that are missing`() throws {
        var assembly = assembly(wantsSymbols: true)
        let code = MemoryMapping(start: 0x55d0_0000_0000, end: 0x55d0_0010_0000, kind: .filePrivate, name: "/bin/cat")
        let mappings = Mappings(timeNs: 1, pid: 100, list: [code])
        for message in [.started(script.started), .mappings(mappings), script.batch([fault(2_000)])] {
            try assembly.take(message, at: now)
        }
        let (questions, more) = (assembly.takeQuestions(), assembly.takeQuestions())
        #expect(
            questions == [.look(Look(pid: 100)), .symbolise(Symbolise(pid: 100, file: "/bin/cat", offsets: [0x1123]))])
        #expect(more.isEmpty && assembly.awaitsSymbols)
        try assembly.take(.round(Round(completeUntilNs: 5_000)), at: now)
        #expect(log.calls == ["begin"])
        let main = Symbols.Symbol(start: 0x1000, end: 0x2000, name: "main")
        try assembly.take(.symbols(Symbols(pid: 100, file: "/bin/cat", buildID: "", problem: "", list: [main])), at: now)
        #expect(log.calls == ["begin", "2000 main"] && !assembly.awaitsSymbols)
    }

    @Test mutating func `what cannot be understood is refused`() throws {
        let batch = script.batch([fault(1)])
        var early = assembly()
        #expect(throws: TraceViolation.unexpected("events before the start")) { try early.take(batch, at: now) }
        var twice = assembly()
        try twice.take(.started(script.started), at: now)
        #expect(throws: TraceViolation.unexpected("a second start")) { try twice.take(.started(script.started), at: now) }
        #expect(throws: TraceViolation.unexpected("a second hello")) { try twice.take(.hello(script.hello), at: now) }
        #expect(throws: TraceViolation.malformed(.truncated)) { try twice.take(.batch([1, 2, 3]), at: now) }
    }

    @Test mutating func `a sink that has failed gets nothing more, and the counting goes on`() throws {
        log.failsAt("2000")
        var assembly = assembly(order: .ofComing)
        for message in [.started(script.started), script.batch([fault(2_000)]), script.batch([fault(3_000)])] {
            try assembly.take(message, at: now)
        }
        #expect(assembly.sinkFailure == CallError())
        let summary = assembly.finish()
        #expect(summary?.events == 2)
        #expect(log.calls == ["begin"])
    }
}

struct FanOutSinkTests {
    @Test func `each sink gets everything, and one that fails stops no other`() throws {
        let (good, bad) = (CallLog(), CallLog())
        bad.failsAt("2")
        var sink = FanOutSink<CallError>([LoggingSink(bad), LoggingSink(good)])
        try sink.begin(session())
        for timeNs in [1, 2, 3] { try sink.consume([fault(UInt64(timeNs))][...], TraceNames()) }
        #expect(throws: CallError()) { try sink.finish(TraceSummary(session: session())) }
        #expect(good.calls == ["begin", "1", "2", "3", "finish 0"])
        #expect(bad.calls == ["begin", "1"])
    }

    @Test func `when all have failed it fails at once`() throws {
        let log = CallLog()
        log.failsAt("2")
        var sink = FanOutSink<CallError>([LoggingSink(log)])
        try sink.begin(session())
        #expect(throws: CallError()) { try sink.consume([fault(2)][...], TraceNames()) }
    }
}

private struct CallError: Error, Equatable {}

/// What a sink has been called with, in words.
private final class CallLog: Sendable {
    private let state = Mutex<(calls: [String], bad: String?)>(([], nil))

    var calls: [String] { state.withLock(\.calls) }
    func failsAt(_ call: String) { state.withLock { $0.bad = call } }

    func note(_ call: String) throws(CallError) {
        let isBad = state.withLock { state in
            if state.bad == call { return true }
            state.calls.append(call)
            return false
        }
        if isBad { throw CallError() }
    }
}

private struct LoggingSink: EventSink {
    let log: CallLog

    init(_ log: CallLog) { self.log = log }

    func begin(_ session: TraceSession) throws(CallError) { try log.note("begin") }

    func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) throws(CallError) {
        for fault in faults {
            let symbol = names.symbol(fault.code).map { " \($0.name)" } ?? ""
            try log.note("\(fault.timeNs)" + symbol)
        }
    }

    func lost(_ gap: Lost) throws(CallError) { try log.note("lost \(gap.count)") }
    func interrupted(_ outage: Outage) throws(CallError) { try log.note("\(outage.reason) \(outage.sinceNs)-\(outage.untilNs)") }
    func finish(_ summary: TraceSummary) throws(CallError) { try log.note("finish \(summary.events)") }
}
