import FaultModel
import TerminalView
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct TextLinesTests {
    private func text(_ source: FaultSource = .tracepoint, isColored: Bool = false, _ faults: PageFault...) -> String {
        var lines = TextLines(isColored: isColored)
        var text = TextBuffer()
        lines.begin(session(source), to: &text)
        for fault in faults { lines.fault(fault, TraceNames(), to: &text) }
        return text.string
    }

    @Test func `columns stand under each other`() {
        let text = text(
            .tracepoint,
            fault(1_000_123_999),
            fault(13_403_117_000, pid: 4120, tid: 4163, comm: Array("RenderThread".utf8), traits: userReadPresent,
                  code: .x86(5), address: 0xffff_8000_0000_0000, ip: .max),
            fault(14_000_000_000, pid: 4_194_303, tid: 4_194_304, traits: kernelRead, code: .x86(0)))
        #expect(
            TextLines.heading(session()) + text == """
                     seconds  process               pid/tid         thread           mode    access   outcome  taken  flags     where                               region, cause             instruction
                    0.000123  cat                   100/100         cat              user    write    -            -  W|U       0x7f0000001000                      -                         0x55d000001123
                   12.403117  RenderThread          4120/4163       RenderThread     user    read     -            -  P|U       0xffff800000000000                  -                         0xffffffffffffffff
                   13.000000  cat                   4194303/4194304 cat              kernel  read     -            -  0         0x7f0000001000                      -                         0x55d000001123

                """)
    }

    @Test func `a source that tells less has fewer columns`() {
        #expect(
            TextLines.heading(session(.perfBPF)) + text(.perfBPF, fault(1_000_000_000, traits: 1, code: nil)) == """
                     seconds  process               pid/tid         thread           mode    outcome  taken  where                               region, cause             instruction
                    0.000000  cat                   100/100         cat              user    -            -  0x7f0000001000                      -                         0x55d000001123

                """)
    }

    @Test func `a fault that was followed to its end tells how that was`() {
        var read = fault(1_000_000_000, traits: userExecuteMinor, code: .x86(0x14))
        (read.latencyNs, read.cause) = (1_920_000, .fileRead)
        var touch = fault(1_000_000_000, traits: userWrite, code: .x86(6))
        (touch.latencyNs, touch.cause) = (950, .zeroFill)
        let lines = text(.tracepoint, read, touch).split(separator: "\n")
        #expect(lines[0].contains("  minor   1.92ms  U|I       0x7f0000001000                      storage read              0x55d000001123"))
        #expect(lines[1].contains("  -        950ns  W|U       0x7f0000001000                      first touch               0x55d000001123"))
    }

    @Test func `a fault of a known process in known memory says so`() {
        let (fault, names) = explainedFault()
        var lines = TextLines(isColored: false)
        var text = TextBuffer()
        lines.begin(session(.perfBPF), to: &text)
        lines.fault(fault, names, to: &text)
        #expect(
            text.string == """
                    0.500000  ..ample.browser:tab0  100/100         cat              user    minor        -  base.apk+0x85010                    apk, page cache           libc.so.6+0x1123

                """)
    }

    @Test func `a trace without outcomes has no columns for them`() {
        var lines = TextLines(isColored: false)
        var text = TextBuffer()
        var session = session()
        session.columns.removeAll { [.outcome, .latency, .cause].contains($0) }
        lines.begin(session, to: &text)
        lines.fault(fault(1_000_000_000), TraceNames(), to: &text)
        #expect(
            TextLines.heading(session) + text.string == """
                     seconds  process               pid/tid         thread           mode    access   flags     where                               region                    instruction
                    0.000000  cat                   100/100         cat              user    write    W|U       0x7f0000001000                      -                         0x55d000001123

                """)
    }

    @Test func `a gap has its line`() {
        var lines = TextLines(isColored: false)
        var text = TextBuffer()
        lines.begin(session(), to: &text)
        lines.lost(Lost(cpu: 3, count: 17, firstNs: 1_000_900_000, lastNs: 1_000_950_000), to: &text)
        #expect(text.string == "    0.000900  -- 17 lost on cpu 3 until 0.000950 --\n")
    }

    @Test func `a lost connection has its line`() {
        var lines = TextLines(isColored: false)
        var text = TextBuffer()
        lines.begin(session(), to: &text)
        lines.interrupted(Outage(reason: "the cable was cut", sinceNs: 1_500_000_000, untilNs: 4_000_000_000), to: &text)
        #expect(text.string == "    0.500000  -- the connection was lost until 3.000000: faults of 2.5 s are unknown --\n")
    }

    @Test func `colour comes only when asked for`() {
        #expect(!text(.tracepoint, fault(1)).contains("\u{1b}"))
        let colored = text(.tracepoint, isColored: true, fault(1_000_000_000))
        #expect(
            colored == """
                \u{1b}[2m    0.000000\u{1b}[0m  cat                   100/100         cat              user    \u{1b}[33mwrite    \u{1b}[0m\
                -            -  W|U       0x7f0000001000                      -                         0x55d000001123

                """)
    }

    @Test(arguments: [
        ([0x1b, 0x5b, 0x32, 0x4a], #"\x1b[2J"#),
        ([0x61, 0x0a, 0x0d, 0x07], #"a\x0a\x0d\x07"#),
        (Array("\u{9b}2J".utf8), #"\x9b2J"#),
        (Array("a\u{202e}b".utf8), #"a\u{202e}b"#),
        ([0x61, 0xff, 0xe2, 0x82], #"a\xff\xe2\x82"#),
        (Array(#"a\x1b"#.utf8), #"a\\x1b"#),
        (Array("é".utf8), "é"),
    ] as [([UInt8], String)])
    func `names cannot command the terminal`(comm: [UInt8], expected: String) {
        let line = text(.tracepoint, fault(1_000_000_000, comm: comm))
        #expect(line.hasPrefix("    0.000000  " + expected + " "))
        #expect(line.contains(" 100/100 "))
    }

    @Test func `wide characters keep the columns`() {
        let line = text(.tracepoint, fault(1_000_000_000, comm: Array("漢字".utf8)))
        #expect(line.hasPrefix("    0.000000  漢字                  100/100         漢字             "))
    }
}
