import Exporters
import JSONText
import Testing
import TraceFixtures

struct LaunchReportTests {
    @Test func `a launch is one object, with moments from its start on`() throws {
        var json = JSONText()
        try launchReport().write(to: &json)
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(
            text.hasPrefix(
                #"{"package":"com.example.app","activity":".Main","cold":true,"launch_state":"COLD","start_ns":1100000000,"#
                    + #""displayed_after_ns":300000000,"waited_ns":310000000,"before_start":{"events":1,"fault_time_ns":1000},"#
                    + #""until_displayed":{"events":4,"fault_time_ns":12001000},"after":{"events":1,"fault_time_ns":2000},"by_cause":["#))
        #expect(
            text.contains(
                #""storage_reads":[{"file":"/data/app/base.apk","events":3,"fault_time_ns":12000000,"ranges":["#
                    + #"{"offset":16384,"length":8192,"events":2,"fault_time_ns":6000000,"first_since_start_ns":100000000},"#
                    + #"{"offset":278528,"length":4096,"events":1,"fault_time_ns":6000000,"first_since_start_ns":50000000}]}],"#
                    + #""other_storage_reads":0,"timeline":{"step_ns":5000000,"events":[0,"#))
        #expect(text.contains(#""worst":[{"since_start_ns":50000000,"latency_ns":6000000,"pid":100,"tid":100,"comm":"cat","cause":"file_read","region":"apk","#))
        #expect(text.contains(#"{"since_start_ns":-50000000,"#) && text.hasSuffix(#""by_flag":[{"kind":"x86","flag":"U","events":6},{"kind":"x86","flag":"W","events":2}]}}"#))
    }
}
