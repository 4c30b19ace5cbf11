import TerminalView
import Testing
import TraceFixtures
import TraceReport

struct LaunchTextTests {
    @Test func `a launch is told from its start on`() throws {
        #expect(
            LaunchText(try launchReport(), recorded: "x.flt: 1.0 KiB", isColored: false).text == """
                com.example.app/.Main displayed after 300 ms (COLD, page cache dropped before)
                  4 page faults until then, taking 12.0 ms; 1 page fault afterwards, taking 2.0 us
                  1 page fault before the start, taking 1.0 us

                from the start on, 10.0 ms a column
                  faults       |     █    ██        █              █|
                  time in them |     █    ▆▃        ▁              ▁|
                                                              ^ displayed

                by cause
                  faults   rate  share  user  kernel  read  write  execute  major  failed  time in all     p50     p99     max  name
                       3  3.0/s  50.0%     3       0     3      0        0      3       0      12.0 ms  4.0 ms  6.0 ms  6.0 ms  storage read
                       2  2.0/s  33.3%     2       0     0      2        0      0       0       3.0 us  1.0 us  2.0 us  2.0 us  first touch
                       1  1.0/s  16.7%     1       0     1      0        0      0       0       1.0 us  1.0 us  1.0 us  1.0 us  page cache

                by region
                  faults   rate  share  user  kernel  read  write  execute  major  failed  time in all     p50     p99     max  name
                       4  4.0/s  66.7%     4       0     4      0        0      3       0      12.0 ms  2.0 ms  6.0 ms  6.0 ms  apk
                       2  2.0/s  33.3%     2       0     0      2        0      0       0       3.0 us  1.0 us  2.0 us  2.0 us  anonymous

                files with the most faults
                  faults  share  major  time in all  file
                       4  66.7%      3      12.0 ms  /data/app/base.apk

                faults that took longest
                        at    took  cause         thread  place             by
                   50.0 ms  6.0 ms  storage read  cat     base.apk+0x44fff  0x55d000001123
                  100.0 ms  4.0 ms  storage read  cat     base.apk+0x4010   0x55d000001123
                  110.0 ms  2.0 ms  storage read  cat     base.apk+0x5000   0x55d000001123
                  350.0 ms  2.0 us  first touch   cat     [anon]+0x1000     0x55d000001123
                  200.0 ms  1.0 us  first touch   cat     [anon]+0x0        0x55d000001123
                  -50.0 ms  1.0 us  page cache    cat     base.apk+0xc000   0x55d000001123

                read from storage, in file order: 3 faults waited 12.0 ms
                  /data/app/base.apk
                     offset     size  faults  waited  first at
                     0x4000  8.0 KiB       2  6.0 ms  100.0 ms
                    0x44000  4.0 KiB       1  6.0 ms   50.0 ms

                the trace
                  6 page faults in 1.0 s (6.0/s), none lost, source tracepoint, transport ringbuf
                  recorded in x.flt: 1.0 KiB

                """)
    }

    @Test func `a start that was not drawn says so, and is safe to show`() throws {
        var report = try launchReport()
        var launch = report.launch
        (launch.displayedAfterNs, launch.state, launch.activity, launch.isCold) = (nil, nil, ".M\u{1b}[2J", false)
        report = LaunchReport(launch, report.faults)
        let lines = LaunchText(report, isColored: false).text.split(separator: "\n")
        #expect(lines[0] == #"com.example.app/.M\x1b[2J was started; when it was displayed is not known"#)
        #expect(lines[1] == "  5 page faults since the start, taking 12.0 ms" && lines[2] == "  1 page fault before the start, taking 1.0 us")
        #expect(!lines.contains { $0.contains("^ displayed") })
    }
}
