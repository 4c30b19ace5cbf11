import Exporters
import FaultModel
import JSONText
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct TallySummaryTests {
    private func json(_ summary: TallySummary, top: Int = 20) -> String {
        var text = JSONText()
        summary.write(top: top, to: &text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    private func summary(_ source: FaultSource = .tracepoint, _ grouping: FaultGrouping = .thread) -> TallySummary {
        var summary = TallySummary(session: session(source), grouping: grouping, weight: 1, sinceNs: 1_000_000_000)
        let row = Tally.Row(
            pid: 100, tid: 101, uid: 0, comm: "cat", traits: FaultTraits(rawValue: userExecuteMinor), count: 3, latencyNs: 40,
            histogram: [0, 0, 0, 3])
        summary.tally.add(row, to: .thread(101, of: 100), name: "cat")
        summary.untilNs = 3_000_000_000
        return summary
    }

    @Test func `an interval has the documented keys`() {
        #expect(
            json(summary()) == """
                {"by":"thread","time_ns":3000000000,"duration_ns":2000000000,"source":"tracepoint","transport":"ringbuf",\
                "counted_in":"kernel","sample":1,"lost":0,"rows":[{"pid":100,"tid":101,"name":"cat","faults":3,"user":3,"kernel":0,\
                "read":0,"write":0,"execute":3,"minor":3,"major":0,"failed":0,"fault_time_ns":40,"minor_fault_time_ns":40,\
                "histogram":[{"from_ns":8,"to_ns":16,"faults":3}]}],"other_faults":0,\
                "histogram":[{"from_ns":8,"to_ns":16,"faults":3}],"total":{"faults":3,"user":3,"kernel":0,"read":0,"write":0,\
                "execute":3,"minor":3,"major":0,"failed":0,"fault_time_ns":40,"minor_fault_time_ns":40,"cpu_time_ns":null}}
                """)
    }

    @Test func `the whole says whether it is complete, and how the command ended`() {
        var whole = summary()
        whole.received = 3
        whole.bye = Bye(reason: .commandEnded, events: 3, lost: 0, durationNs: 7, heldBack: 9)
        whole.command = CommandEnded(status: 1, minorFaults: 2, majorFaults: 0)
        #expect(json(whole).hasSuffix(#""held_back":9,"complete":true,"command":{"status":1,"minor_faults":2,"major_faults":0}}"#))
        whole.received = 2
        #expect(json(whole).contains(#""complete":false"#))
    }

    @Test func `a process has its CPU time, and what the source does not tell is null`() {
        var summary = summary(.perfBPF, .process)
        summary.tally.add(fault(1, traits: 1), to: .process(7), name: nil)
        summary.cpu.note(CPUTimes(timeNs: 1, list: [.init(pid: 7, cpuTimeNs: 9)]))
        #expect(json(summary).contains(#""pid":7,"name":null,"faults":1,"user":1,"kernel":0,"read":null,"write":null,"execute":null"#))
        #expect(json(summary).contains(#""cpu_time_ns":9,"cpu_time_is_lower_bound":false"#))
        #expect(json(summary, top: 0).contains(#""rows":[],"other_faults":4"#))
    }
}
