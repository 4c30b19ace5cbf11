import Exporters
import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct FoldedStacksTests {
    private func text(by weight: FoldedStacks.Weight = .faults, sampleEvery: UInt32 = 1, _ names: TraceNames, _ faults: [PageFault], lost: UInt64 = 0) -> String {
        var format = FoldedStacks(weight: weight)
        var text = TextBuffer()
        var summary = TraceSummary(session: session(sampleEvery: sampleEvery))
        summary.names = names
        format.begin(summary.session, to: &text)
        for fault in faults { format.fault(fault, names, to: &text) }
        if lost > 0 { format.lost(Lost(cpu: 0, count: lost, firstNs: 1, lastNs: 1), to: &text) }
        format.finish(summary, to: &text)
        return text.string
    }

    @Test func `a line for each stack, the outermost frame first and the kernel's marked`() {
        let stacks = StackFixture()
        #expect(text(stacks.names, [stacks.both, stacks.lost, stacks.both], lost: 17) == """
            [lost] 17
            cat;[stack lost];[stack lost] 1
            cat;[truncated];[unknown];[a b,"c.so];[kernel]_[k] 2

            """)
    }

    @Test func `without stacks the instruction's place stands for one`() {
        let (fault, names) = explainedFault()
        #expect(text(names, [fault, fault]) == "com.example.browser:tab0;[libc.so.6] 2\n")
        #expect(text(sampleEvery: 50, names, [fault]) == "com.example.browser:tab0;[libc.so.6] 50\n")
    }

    @Test func `places of one function are one line`() {
        let (fault, names) = explainedFault()
        var other = fault
        other.code.offset += 8
        #expect(text(names, [fault, other]) == "com.example.browser:tab0;[libc.so.6] 2\n")
    }

    @Test func `weighed by latency, what has none has no line`() {
        let (fault, names) = explainedFault()
        var slow = fault
        slow.latencyNs = 1500
        #expect(text(by: .latency, names, [fault]) == "")
        #expect(text(by: .latency, names, [fault, slow, slow], lost: 3) == "com.example.browser:tab0;[libc.so.6] 3000\n")
    }

    @Test func `names cannot break lines or stacks`() {
        #expect(text(TraceNames(), [fault(1, comm: Array("a;b\nc".utf8))]) == "a:b c;[unknown] 1\n")
    }
}
