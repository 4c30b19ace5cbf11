import FaultModel
import Synchronization
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

/// A trace that goes on with another agent after the connection was lost.
struct SessionTests {
    private let now = ContinuousClock.now
    private let log = Log()

    /// What one agent says: process 100 is of a name, born at a time.
    private func messages(_ script: inout AgentScript, boot: String = "a", name: String, bornNs: UInt64, _ times: [UInt64]) -> [AgentMessage] {
        let facts = ProcessFacts(
            timeNs: script.started.timeNs, pid: 100, parent: 1, uid: 0, bornNs: bornNs, name: name, commandLine: name, executable: "/bin/" + name, package: "")
        return [.boot(Boot(id: boot)), .started(script.started), .process(facts), script.batch(times.map { fault($0) })]
    }

    private func assembly(_ script: AgentScript) -> TraceAssembly<Never> {
        TraceAssembly(hello: script.hello, wantsSymbols: true, output: OrderedOutput(LogSink(log: log)))
    }

    private func cut(_ assembly: inout TraceAssembly<Never>) -> Interruption? { assembly.interrupt("cut", wallClockNs: 7) }

    @Test func `what has come is handed out at once, then the outage, then what comes`() throws {
        var (first, second) = (AgentScript(startNs: 1_000), AgentScript(startNs: 9_000))
        var assembly = assembly(first)
        for message in messages(&first, name: "cat", bornNs: 500, [3_000, 2_000]) + [.round(Round(completeUntilNs: 2_500))] {
            try assembly.take(message, at: now)
        }
        let gap = cut(&assembly)
        #expect(gap == Interruption(reason: "cut", sinceNs: 2_500, wallClockNs: 7))
        #expect(log.lines == ["2000 cat", "3000 cat"])
        for message in [.hello(second.hello)] + messages(&second, name: "dog", bornNs: 6_000, [10_000]) + [second.bye(afterNs: 2_000)] {
            try assembly.take(message, at: now)
        }
        let ended = assembly.finish()
        let summary = try #require(ended)
        #expect(log.lines == ["2000 cat", "3000 cat", "cut 2500-9000", "10000 dog"])
        #expect(summary.cut == .interrupted(1) && summary.events == 3 && summary.durationNs == 10_000 && summary.unknownNs == 6_500)
    }

    @Test func `nothing of the former agent explains what the next one tells`() throws {
        var (first, second) = (AgentScript(startNs: 1_000), AgentScript(startNs: 9_000))
        var assembly = assembly(first)
        let code = MemoryMapping(start: 0x55d0_0000_0000, end: 0x55d0_0010_0000, kind: .filePrivate, name: "/bin/cat")
        for message in messages(&first, name: "cat", bornNs: 500, []) + [.mappings(Mappings(timeNs: 1_000, pid: 100, list: [code])), first.batch([fault(2_000)])] {
            try assembly.take(message, at: now)
        }
        let asked = assembly.takeQuestions()
        #expect(asked.contains(.symbolise(Symbolise(pid: 100, file: "/bin/cat", offsets: [0x1123]))) && assembly.awaitsSymbols)
        _ = cut(&assembly)
        try assembly.take(.started(second.started), at: now)
        #expect(!assembly.awaitsSymbols)
        try assembly.take(second.batch([fault(10_000)]), at: now)
        let ended = assembly.finish()
        let summary = try #require(ended)
        #expect(log.lines == ["2000 cat", "cut 1000-9000", "10000 cat"])
        #expect(log.places == ["/bin/cat", "-"])
        #expect(summary.statistics.processes()[0].counts.events == 2)
    }

    @Test func `what the agents count and cost adds up`() throws {
        var (first, second) = (AgentScript(startNs: 1_000), AgentScript(startNs: 9_000))
        var assembly = assembly(first)
        let stats = { (cpu: UInt64) in AgentMessage.stats(Stats(cpuTimeNs: cpu, residentBytes: 5, events: 1, bytesSent: 10)) }
        let cpu = { (timeNs: UInt64, ns: UInt64) in AgentMessage.cpuTimes(CPUTimes(timeNs: timeNs, list: [.init(pid: 100, cpuTimeNs: ns)])) }
        let bye = { (events: UInt64) in Bye(reason: .signalled, events: events, lost: 0, durationNs: 3_000, heldBack: 4, stacksLost: 2) }
        for message in messages(&first, name: "cat", bornNs: 500, [2_000]) + [stats(100), cpu(2_000, 30), .bye(bye(1))] {
            try assembly.take(message, at: now)
        }
        #expect(cut(&assembly)?.sinceNs == 4_000, "the agent had said that there is no more")
        for message in messages(&second, name: "cat", bornNs: 500, [10_000, 11_000]) + [stats(50), cpu(10_000, 20), .bye(bye(2))] {
            try assembly.take(message, at: now)
        }
        let ended = assembly.finish()
        let summary = try #require(ended)
        #expect(summary.events == 3 && summary.heldBack == 8 && summary.bye?.stacksLost == 4 && summary.durationNs == 11_000)
        #expect(summary.agent == Stats(cpuTimeNs: 150, residentBytes: 5, events: 2, bytesSent: 20))
        #expect(summary.cpu.time(of: 100) == 50 && !summary.cpu.isLowerBound(100))
    }

    @Test(arguments: [("b", 9_000), ("a", 2_000), ("", 2_000)])
    func `another run of the device is another trace`(boot: String, startNs: UInt64) throws {
        var (first, second) = (AgentScript(startNs: 1_000), AgentScript(startNs: startNs))
        var assembly = assembly(first)
        for message in messages(&first, name: "cat", bornNs: 500, [2_000]) + [.round(Round(completeUntilNs: 2_500))] { try assembly.take(message, at: now) }
        _ = cut(&assembly)
        #expect(throws: TraceViolation.restarted) {
            for message in messages(&second, boot: boot, name: "cat", bornNs: 500, [startNs + 1]) { try assembly.take(message, at: now) }
        }
    }

    @Test func `an agent that tells otherwise does not go on with the trace`() throws {
        var (first, second) = (AgentScript(startNs: 1_000), AgentScript(.perfRing, startNs: 9_000))
        var assembly = assembly(first)
        for message in messages(&first, name: "cat", bornNs: 500, [2_000]) { try assembly.take(message, at: now) }
        _ = cut(&assembly)
        #expect(throws: TraceViolation.unexpected("a start with other columns")) {
            for message in messages(&second, name: "cat", bornNs: 500, []) { try assembly.take(message, at: now) }
        }
    }
}

private final class Log: Sendable {
    private let state = Mutex<(lines: [String], places: [String])>(([], []))
    var lines: [String] { state.withLock(\.lines) }
    var places: [String] { state.withLock(\.places) }
    func note(_ line: String) { state.withLock { $0.lines.append(line) } }
    func notePlace(_ place: String) { state.withLock { $0.places.append(place) } }
}

private struct LogSink: EventSink {
    let log: Log

    func begin(_ session: TraceSession) throws(Never) {}
    func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) throws(Never) {
        for fault in faults {
            log.note("\(fault.timeNs) \(names.processName(ThreadKey(fault)))")
            log.notePlace(names.mapping(fault.code) ?? "-")
        }
    }
    func lost(_ gap: Lost) throws(Never) {}
    func interrupted(_ outage: Outage) throws(Never) { log.note("\(outage.reason) \(outage.sinceNs)-\(outage.untilNs)") }
    func finish(_ summary: TraceSummary) throws(Never) {}
}
