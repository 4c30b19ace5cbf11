import FaultModel
import TerminalView
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct EndingReportTests {
    @Test func `files that made room for newer ones are told apart`() {
        func text(files: UInt32, kept: UInt32) -> String { RecordedWords.text(path: "a.flt", files: files, kept: kept, bytes: 2048, events: 256) }
        #expect(text(files: 1, kept: 1) == "a.flt: 2.0 KiB, 8.0 bytes an event")
        #expect(text(files: 8, kept: 8) == "8 files, the last is a.flt: 2.0 KiB, 8.0 bytes an event")
        #expect(text(files: 8, kept: 3) == "3 of 8 files kept, the last is a.flt: 2.0 KiB, 8.0 bytes an event")
    }

    private func text(_ summary: TraceSummary) -> String { EndingReport(summary, isColored: false).text }

    private var busy: TraceSummary {
        var summary = TraceSummary(session: session(commandPid: 100))
        for time: UInt64 in 0..<1500 { summary.statistics.add(fault(1_000_000_000 + time)) }
        for time: UInt64 in 0..<500 {
            summary.statistics.add(fault(time, pid: 7, comm: [0x1b, 0x63], traits: kernelRead, code: .x86(0)))
        }
        summary.note(.bye(Bye(reason: .stopped, events: 2000, lost: 0, durationNs: 2_000_000_000)))
        return summary
    }

    @Test func `a whole trace is told by process, kind and flag`() {
        var summary = busy
        summary.note(.commandEnded(CommandEnded(status: 0, minorFaults: 1490, majorFaults: 3)))
        summary.note(.stats(Stats(cpuTimeNs: 12_300_000, residentBytes: 3_355_443, events: 2000, bytesSent: 25_000)))
        #expect(
            text(summary) == """
                2,000 page faults in 2.0 s (1,000/s), none lost, source tracepoint, transport ringbuf

                by process
                  pid  parent  lived  events   rate  share   user  kernel  read  write  execute  process
                  100       -      -   1,500  750/s  75.0%  1,500       0     0  1,500        0  cat
                    7       -      -     500  250/s  25.0%      0     500   500      0        0  \\x1bc

                by kind
                  mode    access  page     events   rate  share
                  user    write   missing   1,500  750/s  75.0%
                  kernel  read    missing     500  250/s  25.0%

                by error-code flag (a fault counts under each of its flags)
                  flag  events   rate  share  meaning
                  W      1,500  750/s  75.0%  write
                  U      1,500  750/s  75.0%  from user mode

                command
                  exit status 0; getrusage counts 1,493 page faults (1,490 minor, 3 major), the trace has 2,000.
                  The trace alone has the faults that failed and those of descendants not waited for; getrusage \
                alone has pages that the kernel fetched without a fault, and what the filters left out.

                agent
                  12.3 ms of CPU time, 3.2 MiB resident, 12.5 bytes an event sent

                """)
    }

    @Test func `what sampling and the rate limit left out is said, and is not lost`() {
        var summary = TraceSummary(session: session(sampleEvery: 1000))
        summary.statistics.add(fault(1))
        summary.note(.bye(Bye(reason: .stopped, events: 1, lost: 0, durationNs: 1, heldBack: 1234)))
        let lines = text(summary).split(separator: "\n")
        #expect(lines[0].contains("none lost"))
        #expect(lines[1] == "  One in 1,000 was let through: each fault that is counted here stands for 1,000.")
        #expect(lines[2] == "  held back: 1,234 page faults beyond --rate-limit, which are in no number here and were not lost.")
        #expect(!text(busy).contains("let through") && !text(busy).contains("held back"))
    }

    @Test func `files whose functions have no names are told with the reason`() {
        var summary = busy
        summary.namelessFiles = [
            NamelessFile(name: "/lib/a.so", places: 1, problem: nil),
            NamelessFile(name: "/lib/b\u{1b}.so", places: 1200, problem: "it is stripped"),
        ]
        #expect(text(summary).contains("""

            without a function's name
              1,200 places in /lib/b\\x1b.so: it is stripped
              1 place in /lib/a.so: its symbols do not reach there

            """))
        summary.namelessFiles = (1...7).map { NamelessFile(name: "/\($0)", places: $0, problem: "x") }
        #expect(text(summary).contains("  3 places in /3: x\n  and 2 more files\n"))
    }

    @Test func `outcomes and causes come with the time that they took`() {
        var summary = TraceSummary(session: session())
        var read = fault(1, traits: 0x01 | 0x01 << 2 | 0x01 << 4 | 0x02 << 6)
        (read.latencyNs, read.cause) = (1_500_000, .fileRead)
        for _ in 0..<2 { summary.statistics.add(read) }
        summary.statistics.add(fault(2))
        let text = text(summary)
        #expect(
            text.contains(
                """
                by outcome
                  outcome  events   rate  share  time in all    each
                  major         2  0.0/s  66.7%       3.0 ms  1.5 ms
                  -             1  0.0/s  33.3%            -       -

                by cause
                  cause         events   rate  share  time in all    each
                  storage read       2  0.0/s  66.7%       3.0 ms  1.5 ms
                  -                  1  0.0/s  33.3%            -       -

                """))
    }

    @Test func `columns that are missing share a line with their reason`() {
        var summary = busy
        #expect(!text(summary).contains("not told here"))
        summary.session.missing = [
            MissingColumn(.access, reason: "no kprobes"), MissingColumn(.outcome, reason: "EACCES (13)"),
            MissingColumn(.latency, reason: "EACCES (13)"),
        ]
        #expect(
            text(summary).contains(
                """
                not told here
                  access: no kprobes
                  outcome, latency_ns: EACCES (13)

                """))
    }

    @Test func `losses come with their remedy`() {
        var summary = busy
        summary.statistics.add(Lost(cpu: 0, count: 500, firstNs: 1, lastNs: 2))
        summary.bye?.lost = 500
        let lines = text(summary).split(separator: "\n")
        #expect(lines[0].contains(", 500 lost, "))
        #expect(lines[1] == "lost: 500 page faults (20.0%) in 1 gap found the kernel buffer full.")
        #expect(lines[2] == "  Raise --buffer above 4.0 MiB, or ask for less with filters or --sample.")
    }

    @Test func `a cut stream is said to be one`() {
        var summary = busy
        summary.bye?.events = 2500
        #expect(text(summary).contains("the agent counted 2,500 events and 0 lost, 2,000 and 0 arrived here."))
        summary.bye = nil
        #expect(text(summary).contains("incomplete: the end is missing"))
    }

    @Test func `lost connections are told one by one`() {
        var summary = busy
        let start = summary.session.startNs
        for place in 0..<7 as Range<UInt64> {
            let sinceNs = start + place * 10_000_000_000
            summary.outages.append(Outage(reason: "the cable was cut", sinceNs: sinceNs, untilNs: sinceNs + 1_000_000_000))
        }
        let lines = text(summary).split(separator: "\n")
        #expect(lines[1] == "incomplete: the connection was lost 7 times, and faults of 7.0 s are unknown.")
        #expect(lines[3] == "  unknown: 1.0 s from 10.0 s on, since the cable was cut")
        #expect(lines[7] == "  and 2 more")
    }

    @Test func `a trace of nothing is one line`() {
        var summary = TraceSummary(session: session(.perfBPF))
        summary.note(.bye(Bye(reason: .stopped, events: 0, lost: 0, durationNs: 10_000_000_000)))
        #expect(
            text(summary) == "0 page faults in 10.0 s (0.0/s), none lost, source perf_bpf, transport ringbuf\n")
    }

    @Test func `the processes that are not shown are counted`() {
        var summary = TraceSummary(session: session())
        summary.statistics = FaultStatistics(processLimit: 12)
        for pid: UInt32 in 1...20 { summary.statistics.add(fault(1, pid: pid)) }
        let text = text(summary)
        #expect(text.contains("  and 2 of 2 further processes\n"))
        #expect(text.contains("  and 8 of processes past the first 12, counted together\n"))
    }

    @Test func `colour comes only when asked for`() {
        #expect(!text(busy).contains("\u{1b}"))
        #expect(EndingReport(busy, isColored: true).text.contains("\u{1b}[1mby process\u{1b}[0m"))
    }

    @Test func `a process has its full name, its parent and its lifetime`() {
        let (fault, names) = explainedFault()
        var summary = TraceSummary(session: session())
        summary.statistics.add(fault)
        summary.names = names
        let line = text(summary).split(separator: "\n").first { $0.contains("com.example") }
        #expect(line?.hasPrefix("  100     712  1.5 s") == true)
        #expect(line?.hasSuffix("  com.example.browser:tab0") == true)
    }
}
