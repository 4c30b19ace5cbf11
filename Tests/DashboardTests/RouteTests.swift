@testable import Dashboard
import FaultModel
import HTTPTypes
import LiveModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct RouteTests {
    private func trace(_ label: String = "local", comm: String = "cat", count: Int = 3) -> LiveTrace {
        let trace = LiveTrace(label: label)
        var sink = trace.sink
        sink.begin(session())
        var faults = (0..<count).map { fault(1_000_000_000 + UInt64($0), comm: Array(comm.utf8)) }
        for place in faults.indices { (faults[place].cause, faults[place].latencyNs) = (.zeroFill, 2000) }
        sink.consume(faults[...], TraceNames())
        sink.lost(Lost(cpu: 0, count: 7, firstNs: 1_000_000_000, lastNs: 1_000_000_000))
        trace.note(.stats(Stats(cpuTimeNs: 1_500_000_000, residentBytes: 4096, events: 3, bytesSent: 90)))
        return trace
    }

    @Test func `the page has everything that it needs, and what is looked at first`() async throws {
        let page = try await Browser([trace()]).get("/")
        #expect(page.status == 200 && page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(page.body.contains(String(decoding: PageFile.style.bytes, as: UTF8.self)) && !page.body.contains("rel=\"stylesheet\""))
        let script = try await Browser([trace()]).get("/page.js")
        #expect(script.status == 200 && script.headers[.contentType] == "text/javascript; charset=utf-8")
        #expect(script.body == PageFile.scripts.map { String(decoding: $0.bytes, as: UTF8.self) }.joined())
        #expect(page.body.contains(#"id="data">{"last":"300","view":{"devices":["local"]"#))
        let policy = try #require(page.headers[.contentSecurityPolicy])
        #expect(policy.contains("connect-src 'self'") && !policy.contains("unsafe"))
    }

    @Test func `of a recording all is looked at first, and what it does not have is not told`() async throws {
        let trace = LiveTrace(label: "recording", isRecording: true)
        var sink = trace.sink
        sink.begin(session())
        let page = try await Browser([trace]).get("/").body
        #expect(page.contains(#"id="data">{"last":"","view":"#) && page.contains(#""preflight":null"#))
    }

    @Test func `no name ends the page's data`() async throws {
        let page = try await Browser([trace(comm: "</script><b>")]).get("/").body
        #expect(page.contains(#"\u003c/script>\u003cb>"#) && !page.contains("</script><b>"))
    }

    @Test func `a snapshot has the numbers`() async throws {
        let body = try await Browser([trace()]).get("/api/snapshot").body
        #expect(body.contains(#""sum":{"events":3,"major":0,"time_ns":6000}"#))
        #expect(body.contains(#""lost":7"#))
        #expect(body.contains(#""timeline":[{"cause":"zero_fill","events":[3]}]"#))
        #expect(body.contains(#""state":"live""#))
    }

    @Test func `a recording that is cut says so, and has the losses that only the agent's last word tells`() async throws {
        let trace = trace()
        var (sink, summary) = (trace.sink, TraceSummary(session: session()))
        summary.statistics.add(Lost(cpu: 0, count: 7, firstNs: 1_000_000_000, lastNs: 1_000_000_000))
        summary.note(.bye(Bye(reason: .stopped, events: 3, lost: 9, durationNs: 1)))
        sink.finish(summary)
        trace.become(.ended(missing: "the end is missing"))
        let body = try await Browser([trace]).get("/api/snapshot").body
        #expect(body.contains(#""state":"ended","reason":"the end is missing""#) && body.contains(#""lost":9"#))
    }

    @Test func `what is asked for narrows it down`() async throws {
        let browser = Browser([trace()])
        #expect(try await browser.get("/api/snapshot?cause=file").body.contains(#""sum":{"events":0"#))
        #expect(try await browser.get("/api/snapshot?cause=file,zero_fill&access=write&mode=user").body.contains(#""sum":{"events":3"#))
        #expect(try await browser.get("/api/snapshot?process=0&last=60").body.contains(#""process":{"pid":100"#))
        #expect(try await browser.get("/api/snapshot?process=99&last=9999999999").body.contains(#""process":null"#))
        #expect(try await browser.get("/api/snapshot?outcome=unknown,major&from=0&until=1000000000").body.contains(#""sum":{"events":3"#))
    }

    @Test(arguments: ["snapshot", "stream"], [
        "cause=no_such", "cause=", "access=write,", "mode=kernel,x", "outcome=Minor", "process=first", "process=-1", "last=99999999999999999999",
        "from=x&until=1", "from=1", "from=2&until=1", "colour=red", "cause=file&cause=swap_in",
    ])
    func `what is not there is refused, and not answered as if it had not been asked`(path: String, query: String) async throws {
        let answer = try await Browser([trace()]).get("/api/\(path)?\(query)")
        #expect(answer.status == 400)
        #expect(answer.body.hasSuffix(".\n") && answer.body.utf8.count < 300 && !answer.body.contains("no_such"))
    }

    @Test(arguments: ["/", "/metrics", "/api/snapshot", "/api/stream"])
    func `a head has no body`(path: String) async throws {
        let answer = try await Browser([trace()]).get(path, method: .head)
        #expect(answer.status == 200 && answer.body.isEmpty && answer.headers[.contentType] != nil)
        #expect(try await Browser([trace()]).get("/none", method: .head).status == 404)
    }

    @Test func `several devices are told apart, and an unknown one is refused`() async throws {
        let browser = Browser([trace("a", count: 1), trace("b", count: 2)])
        #expect(try await browser.get("/api/snapshot?device=b").body.contains(#""sum":{"events":2"#))
        #expect(try await browser.get("/api/snapshot").body.contains(#""devices":["a","b"],"device":"a""#))
        #expect(try await browser.get("/api/snapshot?device=c").status == 404)
        #expect(try await browser.get("/metrics").body.contains(#"faultline_device_up{device="b"} 1"#))
    }

    @Test func `a stream tells how things stand again and again`() async throws {
        let answer = try await Browser([trace()]).get("/api/stream", events: 2)
        #expect(answer.headers[.contentType] == "text/event-stream")
        let events = answer.body.split(separator: "\n\n")
        #expect(events.count == 2)
        #expect(events.allSatisfy { $0.hasPrefix("data: {") && $0.hasSuffix("}") })
    }

    @Test func `metrics have names, labels and units as Prometheus wants them`() async throws {
        let text = try await Browser([trace(comm: "we\"ird\\\n")]).get("/metrics").body
        #expect(text.contains(#"faultline_page_faults_total{device="local",process="we\"ird\\\n",cause="zero_fill",outcome="unknown"} 3"#))
        #expect(text.contains(#"faultline_page_fault_latency_seconds_bucket{device="local",cause="zero_fill",le="1.024e-06"} 0"#))
        #expect(text.contains(#"faultline_page_fault_latency_seconds_bucket{device="local",cause="zero_fill",le="+Inf"} 3"#))
        #expect(text.contains(#"faultline_page_fault_latency_seconds_sum{device="local",cause="zero_fill"} 6e-06"#))
        #expect(text.contains("faultline_lost_page_faults_total{device=\"local\"} 7\n"))
        #expect(text.contains("faultline_agent_cpu_seconds_total{device=\"local\"} 1.5\n"))
    }
}
