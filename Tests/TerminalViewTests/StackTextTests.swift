import FaultModel
import TerminalView
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct StackTextTests {
    private let stacks = StackFixture()

    private func lines(_ fault: PageFault, _ kinds: StackKinds) -> [Substring] {
        var lines = TextLines(isColored: false, stacks: kinds)
        var text = TextBuffer()
        lines.begin(session(), to: &text)
        lines.fault(fault, stacks.names, to: &text)
        return text.string.split(separator: "\n").dropFirst().map { $0 }
    }

    @Test func `below a fault stands a line for each frame, the innermost first`() {
        #expect(lines(stacks.both, [.user, .kernel]) == [
            "      0xffffffff81000000", #"      0x1010              a b,"c.so+0x10"#, "      0x9000", "      (and further frames)",
        ])
        #expect(lines(stacks.both, .kernel) == ["      0xffffffff81000000"])
    }

    @Test func `what was lost is told from what there is not`() {
        #expect(lines(stacks.without, [.user, .kernel]).isEmpty)
        #expect(lines(stacks.lost, .user) == ["      (the stack was lost)"])
    }

    @Test func `the ending says how many were lost`() {
        var summary = TraceSummary(session: session())
        summary.note(.bye(Bye(reason: .stopped, events: 0, lost: 0, durationNs: 1, stacksLost: 1234)))
        #expect(EndingReport(summary, isColored: false).text.contains("1,234 stacks found no room in the kernel"))
        summary.note(.bye(Bye(reason: .stopped, events: 0, lost: 0, durationNs: 1)))
        #expect(!EndingReport(summary, isColored: false).text.contains("stack"))
    }
}
