import Exporters
import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct CSVRowsTests {
    private func text(_ source: FaultSource = .tracepoint, _ pieces: TimeOrder.Piece...) -> String {
        var format = CSVRows()
        var text = TextBuffer()
        format.begin(session(source), to: &text)
        for piece in pieces {
            switch piece {
            case .faults(let faults): for fault in faults { format.fault(fault, TraceNames(), to: &text) }
            case .lost(let gap): format.lost(gap, to: &text)
            }
        }
        format.finish(TraceSummary(session: session(source)), to: &text)
        return text.string
    }

    @Test func `faults and gaps have the same columns`() {
        let gap = Lost(cpu: 3, count: 17, firstNs: 900, lastNs: 950)
        #expect(
            text(.tracepoint, .faults([fault(800, tid: 101, cpu: 2)]), .lost(gap)) == """
                time_ns,cpu,pid,tid,uid,comm,process,address,ip,mode,access,present,error_kind,error_code,flags,\
                outcome,latency_ns,cause,mapping,offset,region,ip_mapping,ip_offset,symbol,event,count
                800,2,100,101,10123,cat,cat,0x7f0000001000,0x55d000001123,user,write,false,x86,0x6,W|U,,,,,,,,,,fault,1
                900,3,,,,,,,,,,,,,,,,,,,,,,,lost,17

                """)
    }

    @Test func `a lost connection is a row without a count`() {
        var format = CSVRows()
        var text = TextBuffer()
        format.begin(session(.perfBPF), to: &text)
        format.interrupted(Outage(reason: "the cable was cut", sinceNs: 900, untilNs: 950), to: &text)
        let lines = text.string.split(separator: "\n")
        #expect(lines[1] == "900,,,,,,,,,,,,,,,,,,,interrupted,")
        #expect(lines[1].split(separator: ",", omittingEmptySubsequences: false).count == lines[0].split(separator: ",").count)
    }

    @Test func `of one in N a fault counts as N`() {
        var format = CSVRows()
        var text = TextBuffer()
        format.begin(session(sampleEvery: 50), to: &text)
        format.fault(fault(1), TraceNames(), to: &text)
        #expect(text.string.hasSuffix(",fault,50\n"))
    }

    @Test func `a source that tells less has fewer columns`() {
        #expect(
            text(.perfBPF, .faults([fault(800, traits: 1, code: nil)])) == """
                time_ns,cpu,pid,tid,uid,comm,process,address,ip,mode,outcome,latency_ns,cause,mapping,offset,region,ip_mapping,ip_offset,symbol,event,count
                800,0,100,100,10123,cat,cat,0x7f0000001000,0x55d000001123,user,,,,,,,,,,fault,1

                """)
    }

    @Test func `what is not known is empty`() {
        let row = text(.tracepoint, .faults([fault(1, traits: 0, code: nil)])).split(separator: "\n")[1]
        #expect(row.hasSuffix("0x55d000001123,,,,,,,,,,,,,,,,fault,1"))
    }

    @Test(arguments: [
        ("a,b", #""a,b""#), (#"say "hi""#, #""say ""hi""""#), ("two\nlines", "\"two\nlines\""),
        ("cr\rlf", "\"cr\rlf\""),
        ("\"", #""""""#), ("plain name", "plain name"), ("", ""),
    ])
    func `names are quoted where they must be`(comm: String, expected: String) {
        let text = text(.perfBPF, .faults([fault(1, comm: Array(comm.utf8))]))
        #expect(text.contains(",10123,\(expected),\(expected),0x7f0000001000,"))
    }

    @Test func `syndromes are decoded in their own words`() {
        let text = text(.tracepoint, .faults([fault(1, traits: 1, code: .esr(0x9200_0046))]))
        #expect(text.contains(",user,,,esr,0x92000046,EL0|DABT|TRANSLATION|WnR,,,,,,,,,,fault,1\n"))
    }

    @Test func `a fault of a known process in known memory says so`() {
        let (fault, names) = explainedFault()
        var format = CSVRows()
        var text = TextBuffer()
        format.begin(session(.perfBPF), to: &text)
        text.removeAll()
        format.fault(fault, names, to: &text)
        #expect(text.string.contains(",com.example.browser:tab0,0x"))
        #expect(text.string.hasSuffix(",/data/app/base.apk,0x85010,apk,/lib/libc.so.6,0x1123,,fault,1\n"))
    }
}
