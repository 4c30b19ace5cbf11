import Exporters
import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct SummaryTests {
    private func line(_ summary: TraceSummary) -> String {
        var format = JSONLines()
        var text = TextBuffer()
        format.finish(summary, to: &text)
        return text.string
    }

    @Test func `the last line has the contract's keys first and the groups behind them`() {
        var summary = TraceSummary(session: session(commandPid: 100))
        summary.statistics.add(fault(1_500_000_000))
        summary.statistics.add(fault(1_600_000_000, traits: kernelRead, code: .x86(0)))
        summary.statistics.add(Lost(cpu: 1, count: 5, firstNs: 1, lastNs: 2))
        summary.note(.commandEnded(CommandEnded(status: 139, minorFaults: 10, majorFaults: 2)))
        summary.note(.stats(Stats(cpuTimeNs: 11, residentBytes: 12, events: 2, bytesSent: 40)))
        summary.note(.bye(Bye(reason: .commandEnded, events: 2, lost: 5, durationNs: 1_000_000_000, heldBack: 3)))
        #expect(
            line(summary) == """
                {"summary":{"events":2,"lost":5,"held_back":3,"sample":1,"duration_ns":1000000000,"source":"tracepoint","transport":"ringbuf",\
                "columns":["time_ns","cpu","pid","tid","uid","comm","address","ip","mode","access","present",\
                "error_code","outcome","latency_ns","cause"],"missing":[],"rate_per_second":2,"complete":true,"reason":"command_ended","gaps":1,"interruptions":0,"interrupted_ns":0,"stacks_lost":0,\
                "command":{"status":139,"minor_faults":10,"major_faults":2},\
                "agent":{"cpu_time_ns":11,"resident_bytes":12,"bytes_sent":40},"process_count":1,"by_process":[\
                {"pid":100,"comm":"cat","process":null,"package":null,"command_line":null,"executable":null,"parent":null,\
                "born_ns":null,"ended_ns":null,"events":2,"user":1,"kernel":1,"read":1,"write":1,"execute":0,\
                "first_ns":1500000000,"last_ns":1600000000,"rate_per_second":2,"minor_fault_time_ns":0,"cpu_time_ns":null,\
                "cpu_time_is_lower_bound":false}],"other_process_events":0,"by_kind":[\
                {"mode":"user","access":"write","present":false,"events":1},\
                {"mode":"kernel","access":"read","present":false,"events":1}],"by_outcome":[],"by_cause":[],"by_flag":[\
                {"kind":"x86","flag":"W","events":1},{"kind":"x86","flag":"U","events":1}]}}

                """)
    }

    @Test func `a trace of nothing that was cut has nulls and empty groups`() {
        let line = line(TraceSummary(session: session(.perfBPF)))
        #expect(line.hasPrefix(#"{"summary":{"events":0,"lost":0,"held_back":0,"sample":1,"duration_ns":0,"source":"perf_bpf""#))
        #expect(line.contains(#""complete":false,"reason":null,"gaps":0,"interruptions":0,"interrupted_ns":0,"stacks_lost":0,"command":null,"agent":null"#))
        #expect(line.contains(#""by_process":[],"other_process_events":0,"by_kind":[],"by_outcome":[],"by_cause":[],"by_flag":[]}}"#))
    }

    @Test func `outcomes and causes come with the time that was spent in them`() {
        var summary = TraceSummary(session: session())
        var minor = fault(1, traits: userExecuteMinor)
        for latency in [nil, 100, 250] as [UInt64?] {
            (minor.latencyNs, minor.cause) = (latency, .file)
            summary.statistics.add(minor)
        }
        summary.statistics.add(fault(2))
        #expect(
            line(summary).contains(
                #""by_outcome":[{"outcome":"minor","events":3,"latency_ns":350},{"outcome":null,"events":1,"latency_ns":null}],"#
                    + #""by_cause":[{"cause":"file","events":3,"latency_ns":350},{"cause":null,"events":1,"latency_ns":null}],"#))
    }

    @Test func `twenty processes are named and the others counted`() {
        var summary = TraceSummary(session: session())
        for pid: UInt32 in 1...30 { summary.statistics.add(fault(1, pid: pid)) }
        let line = line(summary)
        #expect(line.contains(#""process_count":30"#))
        #expect(line.split(separator: #""pid":"#).count - 1 == 20)
    }

    @Test func `a process is told of as far as it is known`() {
        let (fault, names) = explainedFault()
        var summary = TraceSummary(session: session())
        summary.statistics.add(fault)
        summary.names = names
        #expect(
            line(summary).contains(
                #""process":"com.example.browser:tab0","package":"com.example.browser","command_line":"com.example.browser:tab0","#
                    + #""executable":"/system/bin/app_process64","parent":712,"born_ns":500000000,"ended_ns":2000000000,"events":1"#))
    }
}
