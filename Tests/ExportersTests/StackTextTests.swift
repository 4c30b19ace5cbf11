import Exporters
import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

/// The same stacks in each format.
struct StackTextTests {
    private let stacks = StackFixture()

    private func text(_ format: some LineFormat, _ fault: PageFault) -> String {
        var format = format
        var text = TextBuffer()
        format.begin(session(), to: &text)
        format.fault(fault, stacks.names, to: &text)
        return text.string
    }

    @Test func `JSON has the frames, the leaf first`() {
        let format = JSONLines(stacks: [.user, .kernel])
        #expect(text(format, stacks.both).hasSuffix(
            #""ip_mapping":null,"stack":[{"address":"0x1010","symbol":null,"symbol_offset":null,"mapping":"/lib/a b,\"c.so","offset":"0x10"},"#
                + #"{"address":"0x9000","symbol":null,"symbol_offset":null,"mapping":null,"offset":null}],"stack_truncated":true,"#
                + #""kernel_stack":[{"address":"0xffffffff81000000","symbol":null,"symbol_offset":null,"mapping":"[kernel]","offset":"0xffffffff81000000"}],"#
                + #""kernel_stack_truncated":false}"# + "\n"))
    }

    @Test func `JSON tells what was lost from what there is not`() {
        #expect(text(JSONLines(stacks: .user), stacks.without).hasSuffix(#","stack":[],"stack_truncated":false}"# + "\n"))
        #expect(text(JSONLines(stacks: .user), stacks.lost).hasSuffix(#","stack":null,"stack_truncated":null}"# + "\n"))
        #expect(text(JSONLines(), stacks.both).hasSuffix(#""ip_mapping":null}"# + "\n"))
    }

    @Test func `CSV has a column for each kind`() {
        let format = CSVRows(stacks: [.user, .kernel])
        #expect(text(format, stacks.both).hasPrefix("time_ns,"))
        #expect(text(format, stacks.both).contains(",symbol,stack,kernel_stack,event,count\n"))
        #expect(text(format, stacks.both).hasSuffix(#",,"/lib/a b,""c.so+0x10;0x9000;[truncated]",[kernel]+0xffffffff81000000,fault,1"# + "\n"))
        #expect(text(format, stacks.without).hasSuffix(",,,,fault,1\n"))
        #expect(text(format, stacks.lost).hasSuffix(",[lost],[lost],fault,1\n"))
    }
}
