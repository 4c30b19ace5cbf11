import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct TraceSummaryTests {
    private func summary(_ messages: AgentMessage...) -> TraceSummary {
        var summary = TraceSummary(session: session())
        summary.statistics.add(fault(1_500_000_000))
        summary.statistics.add(fault(3_000_000_000))
        summary.statistics.add(Lost(cpu: 0, count: 3, firstNs: 1, lastNs: 2))
        for message in messages { summary.note(message) }
        return summary
    }

    @Test func `it adds up to what the agent says`() {
        let summary = summary(.bye(Bye(reason: .stopped, events: 2, lost: 3, durationNs: 4_000_000_000)))
        #expect(summary.cut == nil)
        #expect((summary.events, summary.lost) == (2, 3))
        #expect(summary.durationNs == 4_000_000_000)
        #expect(summary.ratePerSecond == 0.5)
    }

    @Test func `a stream without its last word is cut, and lasts until the last fault`() {
        #expect(summary().cut == .noEnding)
        #expect(summary().durationNs == 2_000_000_000)
    }

    @Test func `no process runs longer than the trace on all CPUs, however it is cut`() {
        func reading(_ ms: UInt64) -> AgentMessage {
            .cpuTimes(CPUTimes(timeNs: 1_000_000_000 + ms * 1_000_000, list: [.init(pid: 1, cpuTimeNs: 4_000_000_000), .init(pid: 2, cpuTimeNs: .max)]))
        }
        let cut = summary(reading(4000))
        #expect(cut.durationNs == 4_000_000_000)
        #expect(cut.cpuShare(of: 1) == 1 && cut.cpuShare(of: 3) == nil)
        #expect(cut.cpuShare(of: 2) == Double(cut.session.cpuCount))
        let whole = summary(reading(4001), .bye(Bye(reason: .stopped, events: 2, lost: 3, durationNs: 4_000_000_000)))
        #expect(whole.durationNs == 4_000_000_000 && (whole.cpuShare(of: 1) ?? 2) < 1)
    }

    @Test(arguments: [(3, 3), (2, 4), (1, 3)] as [(UInt64, UInt64)])
    func `other numbers than the agent's mean that the stream was cut`(events: UInt64, lost: UInt64) {
        let summary = summary(.bye(Bye(reason: .stopped, events: events, lost: lost, durationNs: 1)))
        #expect(summary.cut == .differs(sent: events, lost: lost))
        #expect(summary.lost == max(lost, 3))
    }

    @Test func `the agent's cost is told by event`() {
        #expect(summary().bytesPerEvent == nil)
        let stats = Stats(cpuTimeNs: 1, residentBytes: 2, events: 0, bytesSent: 10)
        #expect(summary(.stats(stats)).bytesPerEvent == nil)
        let later = Stats(cpuTimeNs: 1, residentBytes: 2, events: 4, bytesSent: 50)
        #expect(summary(.stats(stats), .stats(later)).bytesPerEvent == 12.5)
    }

    @Test func `a session without a command has no command's process id`() {
        #expect(session().commandPid == nil)
        #expect(session(commandPid: 42).commandPid == 42)
    }
}
