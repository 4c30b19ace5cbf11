import FaultModel
import TerminalView
import Testing
import TraceFixtures
import TraceModel
import TraceReport
import WireProtocol

struct ReportTextTests {
    @Test func `a report says where it comes from, what there was, when, whose, how long and where`() throws {
        let text = ReportText(try report(by: .process, reportedFaults), origin: ["a.flt: host"], top: 1, isColored: false).text
        #expect(
            text == """
                a.flt: host

                4 page faults in 1.0 s (4.0/s), none lost, source tracepoint, transport ringbuf

                over time, 65.5 us a column, at most 1 fault in one
                  ██ ██

                by process
                  pid  faults   rate  share  user  kernel  read  write  execute  major  failed  time in all     p50     p99     max  name
                  100       3  3.0/s  75.0%     2       1     2      1        0      1       0       3.0 us  1.0 us  2.0 us  2.0 us  cat
                  and 1 more with 1 fault; --top 0 shows all

                time taken
                  outcome  faults     p50     p90     p99   p99.9     max
                  minor         2  1.0 us  4.0 us  4.0 us  4.0 us  4.0 us
                  major         1  2.0 us  2.0 us  2.0 us  2.0 us  2.0 us
                  all           3  2.0 us  4.0 us  4.0 us  4.0 us  4.0 us

                pages with the most faults
                  faults  share  page
                       3  75.0%  0x7f0000001000 of process 100, cat

                """)
    }

    @Test func `names cannot command the terminal`() throws {
        let faults = [fault(1_000_000_000, comm: [0x1b, 0x63])]
        #expect(!ReportText(try report(by: .thread, faults), origin: ["\u{1b}c"], top: 5, isColored: false).text.contains("\u{1b}"))
    }

    @Test func `a comparison tells each change, and what is new and gone`() throws {
        let before = try report(by: .process, reportedFaults, joinsProcesses: true)
        let after = try report(by: .process, [fault(1, pid: 300, comm: Array("new".utf8))] + reportedFaults.dropLast(3), joinsProcesses: true)
        let text = ComparisonText(
            ReportComparison(before: before, after: after), before: "a.flt", after: "b.flt", top: 5, isColored: false).text
        #expect(text.contains("  before  after  change         time before  time after  process\n"))
        #expect(text.contains("       4      1      -3  x0.25       7.0 us      1.0 us  cat\n"))
        #expect(text.contains("       0      1      +1  new           0 ns        0 ns  new\n"))
        let same = ComparisonText(ReportComparison(before: before, after: before), before: "a", after: "a", top: 5, isColored: false).text
        #expect(same.contains("nothing has changed"))
        let sampled = try report(by: .process, reportedFaults, joinsProcesses: true, sampleEvery: 10)
        let scaled = ComparisonText(ReportComparison(before: sampled, after: before), before: "a", after: "b", top: 5, isColored: false).text
        #expect(scaled.contains("\n  Before, one fault in 10 was let through, after, one in 1: what follows is scaled up to all faults.\n"))
        #expect(scaled.contains("      40      4     -36  x0.10  "))
        let longer = try report(by: .process, reportedFaults, joinsProcesses: true, durationNs: 2_000_000_000)
        let unequal = ComparisonText(ReportComparison(before: before, after: longer), before: "a", after: "b", top: 5, isColored: false).text
        #expect(unequal.contains("They do not last equally long") && !same.contains("equally long"))
    }

    @Test func `how far a file has been read is a bar`() {
        #expect(ProgressBar.text(bytes: 50, of: 200, events: 1234) == "[#######.......................] 25 %, 1,234 page faults")
        #expect(ProgressBar.text(bytes: 2048, of: nil, events: 1) == "2.0 KiB read, 1 page fault")
        #expect(ProgressBar.text(bytes: 300, of: 200, events: 1).contains("] 100 %"))
    }
}
