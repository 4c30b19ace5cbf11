import Exporters
import FaultModel
import JSONText
import Testing
import TraceFixtures
import TraceModel
import TraceReport

struct ReportJSONTests {
    private func object(_ members: (inout JSONText) -> Void) -> String {
        var json = JSONText()
        json.beginObject()
        members(&json)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `a report has its groups, latencies, places and times`() throws {
        let report = try report(by: .process, reportedFaults)
        let json = object { report.writeMembers(top: 1, to: &$0) }
        #expect(json.hasPrefix(#"{"by":"process","summary":{"events":4,"#))
        #expect(
            json.contains(
                #""groups":[{"name":"cat","pid":100,"events":3,"user":2,"kernel":1,"read":2,"write":1,"execute":0,"minor":1,"major":1,"#
                    + #""failed":0,"fault_time_ns":3000,"latency":{"count":2,"p50_ns":"#))
        #expect(json.contains(#""group_count":2,"other_events":1,"latency":{"count":3,"#))
        #expect(json.contains(#""by_outcome_latency":[{"outcome":null,"latency":null},{"outcome":"minor","latency":{"count":2,"#))
        #expect(json.contains(#""pages":[{"pid":100,"address":"0x7f0000001000","events":3,"events_at_most":3},"#))
        #expect(json.hasSuffix(#""timeline":{"start_ns":1000000000,"step_ns":65536,"events":[1,1,0,1,1]}}"#))
    }

    @Test func `a comparison has both summaries and each change`() throws {
        let (before, after) = (
            try report(by: .outcome, reportedFaults), try report(by: .outcome, Array(reportedFaults.prefix(1))))
        let comparison = ReportComparison(before: before, after: after)
        let json = object { comparison.writeMembers(top: 1, to: &$0) }
        #expect(json.hasPrefix(#"{"by":"outcome","before":{"events":4,"#) && json.contains(#""after":{"events":1,"#))
        #expect(
            json.hasSuffix(
                #""group_count":3,"groups":[{"name":null,"events_before":1,"events_after":0,"change":-1,"fault_time_ns_before":0,"#
                    + #""fault_time_ns_after":0}]}"#))
    }
}
