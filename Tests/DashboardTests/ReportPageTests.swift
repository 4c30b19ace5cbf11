@testable import Dashboard
import FaultModel
import LiveModel
import Testing
import TraceFixtures
import TraceModel

struct ReportPageTests {
    private func page(comm: String = "cat") -> String {
        let trace = LiveTrace(label: "phone")
        var sink = trace.sink
        sink.begin(session())
        sink.consume([fault(1_000_000_000, comm: Array(comm.utf8)), fault(1_000_000_001, pid: 7)], TraceNames())
        trace.become(.ended(missing: nil))
        return String(decoding: ReportPage(trace).bytes, as: UTF8.self)
    }

    @Test func `one file has everything and asks for nothing`() {
        let page = page()
        #expect(!page.contains("src=\"") && !page.contains("href=\"page") && !page.contains("https://"))
        #expect(page.split(separator: "<script>").count == 1 + PageFile.scripts.count)
        #expect(page.hasSuffix("</html>\n"))
    }

    @Test func `its policy names each script`() throws {
        let page = page()
        let policy = try #require(page.split(separator: "\n").first { $0.contains("Content-Security-Policy") })
        #expect(policy.split(separator: "'sha256-").count == 1 + PageFile.scripts.count + 1)
        #expect(!policy.contains("unsafe"))
    }

    @Test func `no name ends the data`() {
        let page = page(comm: "</script><b>")
        #expect(page.contains(#"\u003c/script>\u003cb>"#))
        #expect(!page.contains("</script><b>"))
    }

    @Test func `the whole is there, and each process alone`() {
        let page = page()
        #expect(page.contains(#"{"views":{"":{"devices":["phone"]"#))
        #expect(page.contains(#","process=0":{"#) && page.contains(#","process=1":{"#))
    }
}
