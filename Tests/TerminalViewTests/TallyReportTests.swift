import FaultModel
import TerminalView
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct TallyReportTests {
    private func summary(_ grouping: FaultGrouping = .process, weight: UInt64 = 1) -> TallySummary {
        var summary = TallySummary(session: session(), grouping: grouping, weight: weight, sinceNs: 1_000_000_000)
        let minor = FaultTraits(rawValue: userExecuteMinor)
        let row = Tally.Row(
            pid: 100, uid: 0, comm: "cat", traits: minor, count: 1500, latencyNs: 3_000_000, histogram: [0, 0, 0, 0, 0, 0, 0, 0, 0, 500, 1000])
        summary.tally.add(row, to: .process(100), name: "cat\u{1b}[2J")
        summary.received = 1500
        summary.cpu.note(CPUTimes(timeNs: 1, list: [.init(pid: 100, cpuTimeNs: 12_000_000)]))
        summary.bye = Bye(reason: .stopped, events: 1500, lost: 0, durationNs: 2_000_000_000)
        return summary
    }

    private func text(_ summary: TallySummary, top: Int = 20) -> String { TallyReport(summary, top: top, isColored: false).text }

    @Test func `a row for each process, bars for the time taken, and the share of the CPU`() {
        #expect(
            text(summary()) == """
                1,500 page faults in 2.0 s (750/s), none lost, source tracepoint, counted in the kernel

                by process
                  pid  faults   rate   share  major  failed  read  write  execute  time in all    each  CPU time  faults' part  name
                  100   1,500  750/s  100.0%      0       0     0      0    1,500       3.0 ms  2.0 us   12.0 ms         25.0%  cat\\x1b[2J

                by time taken
                    from  faults  share  \("")
                  512 ns     500  33.3%  #########################
                  1.0 us   1,000  66.7%  ##################################################

                CPU time
                  12.0 ms of all these processes; minor faults took 3.0 ms of it (25.0%). A major fault sleeps meanwhile and is left out.

                """)
    }

    @Test func `what was lost, cut or estimated is said first`() {
        var lossy = summary()
        lossy.lost = 4
        #expect(text(lossy).contains("4 lost"))
        #expect(text(lossy).contains("Raise --buffer above 4.0 MiB"))
        #expect(text(lossy).contains("incomplete: the agent counted 1,500 faults and 0 lost, 1,500 and 4 arrived here."))
        #expect(text(summary(weight: 10)).contains("estimated: one fault in 10 was counted"))
        lossy.bye = nil
        #expect(text(lossy).contains("incomplete: the agent went away"))
    }

    @Test func `what the rate limit held back is said, and is not lost`() {
        var held = summary()
        held.bye?.heldBack = 1234
        #expect(text(held).contains("\nheld back: 1,234 page faults beyond --rate-limit, which are in no number here and were not lost.\n"))
        #expect(text(held).contains("none lost") && !text(summary()).contains("held back"))
    }

    @Test func `a process that went away early has a plus and no share`() {
        var summary = summary()
        summary.cpu.note(CPUTimes(timeNs: 2, list: []))
        #expect(text(summary).contains("12.0 ms+             -  cat"))
    }

    @Test func `causes go by their words, and what was not shown is told`() {
        var causes = summary(.cause)
        causes.tally.add(fault(1), to: .named("zero_fill"), name: "zero_fill")
        #expect(text(causes).contains("first touch\n"))
        #expect(text(causes).contains("told one by one and counted here"))
        #expect(text(causes, top: 1).contains("and 1 more with 1 fault; --top 0 shows all"))
    }
}
