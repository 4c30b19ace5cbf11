import FaultModel
import Synchronization
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct LineSinkTests {
    private struct Words: LineFormat {
        func begin(_ session: TraceSession, to text: inout TextBuffer) { text.append("begin\n") }
        func fault(_ fault: PageFault, _ names: TraceNames, to text: inout TextBuffer) { text.decimal(fault.timeNs); text.append("\n") }
        func lost(_ gap: Lost, to text: inout TextBuffer) { text.append("lost\n") }
        func finish(_ summary: TraceSummary, to text: inout TextBuffer) { text.append("finish\n") }
    }

    /// The buffers that a sink handed on.
    private final class Output: Sendable {
        let buffers = Mutex<[String]>([])

        func write(_ bytes: RawSpan) {
            let text = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            buffers.withLock { $0.append(text) }
        }
    }

    private struct Full: Error, Equatable {}

    @Test func `every call hands on what it brought`() {
        let output = Output()
        var sink = LineSink(Words(), write: output.write)
        sink.begin(session())
        sink.consume(.faults([fault(1), fault(2)]), TraceNames())
        sink.consume(.faults([]), TraceNames())
        sink.consume(.lost(Lost(cpu: 0, count: 1, firstNs: 2, lastNs: 2)), TraceNames())
        sink.finish(TraceSummary(session: session()))
        #expect(output.buffers.withLock { $0 } == ["begin\n", "1\n2\n", "lost\n", "finish\n"])
    }

    @Test func `long input goes on in whole lines and bounded buffers`() {
        let output = Output()
        var sink = LineSink(Words(), write: output.write)
        sink.consume((0..<100_000).map { fault(1_000_000_000 + $0) }[...], TraceNames())
        let buffers = output.buffers.withLock { $0 }
        #expect(buffers.count > 10)
        #expect(buffers.allSatisfy { $0.hasSuffix("\n") && $0.utf8.count < 70_000 })
        #expect(buffers.joined().split(separator: "\n").count == 100_000)
    }

    @Test func `a sink behind its protocol throws its writer's error`() {
        let sink = LineSink(Words()) { (_: RawSpan) throws(Full) in throw Full() }
        var any: any EventSink<Full> = sink
        do throws(Full) {
            try any.begin(session())
            Issue.record("nothing was thrown")
        } catch {
            #expect(error == Full())
        }
    }
}
