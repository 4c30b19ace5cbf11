import Exporters
import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct JSONLinesTests {
    private func line(_ fault: PageFault) -> String {
        var format = JSONLines()
        var text = TextBuffer()
        format.fault(fault, TraceNames(), to: &text)
        return text.string
    }

    @Test func `a fault has every key of the contract, in its order`() {
        let line = line(fault(12_403_117_000, pid: 4120, tid: 4163, comm: Array("RenderThread".utf8), cpu: 3))
        #expect(
            line == """
                {"time_ns":12403117000,"cpu":3,"pid":4120,"tid":4163,"uid":10123,"comm":"RenderThread",\
                "process":"RenderThread","address":"0x7f0000001000","ip":"0x55d000001123","mode":"user",\
                "access":"write","present":false,"error_code":{"kind":"x86","value":"0x6"},"flags":["W","U"],\
                "outcome":null,"latency_ns":null,"cause":null,"mapping":null,"ip_mapping":null}

                """)
    }

    @Test func `a sampled fault says how many it stands for`() {
        var format = JSONLines()
        var text = TextBuffer()
        format.begin(session(sampleEvery: 100), to: &text)
        format.fault(fault(1), TraceNames(), to: &text)
        #expect(text.string.hasSuffix(#""ip_mapping":null,"weight":100}"# + "\n"))
    }

    @Test func `what the source cannot tell is null`() {
        let line = line(fault(1, traits: 1, code: nil))
        #expect(
            line.contains(#""mode":"user","access":null,"present":null,"error_code":null,"flags":null,"outcome":null"#))
    }

    @Test func `the largest values keep all their digits`() {
        let thread = FaultThread(pid: .max, tid: .max, uid: .max, comm: ThreadName([]))
        let kind = FaultKind(traits: FaultTraits(rawValue: userExecuteMinor), errorCode: .x86(.max))
        let line = line(PageFault(timeNs: .max, address: .max, ip: 0, kind: kind, thread: thread, cpu: .max))
        #expect(
            line == """
                {"time_ns":18446744073709551615,"cpu":65535,"pid":4294967295,"tid":4294967295,"uid":4294967295,\
                "comm":"","process":"","address":"0xffffffffffffffff","ip":"0x0","mode":"user","access":"execute",\
                "present":false,"error_code":{"kind":"x86","value":"0xffffffffffffffff"},\
                "flags":["P","W","U","RSVD","I","PK","SS","HLAT","SGX","RMP"],"outcome":"minor","latency_ns":null,\
                "cause":null,"mapping":null,"ip_mapping":null}

                """)
    }

    @Test(arguments: [
        (0x9200_0046, #"["EL0","DABT","TRANSLATION","WnR"]"#),
        (0x9600_000f, #"["EL1","DABT","PERMISSION"]"#),
        (0x8200_0006, #"["EL0","IABT","TRANSLATION"]"#),
        (0x5600_0000, "[]"),
    ] as [(UInt64, String)])
    func `an arm64 syndrome is decoded as one`(value: UInt64, flags: String) {
        let line = line(fault(1, traits: 1, code: .esr(value)))
        #expect(
            line.contains(#""error_code":{"kind":"esr","value":"0x\#(String(value, radix: 16))"},"flags":\#(flags)"#))
    }

    @Test(arguments: [
        (Array(#"a"b\c"#.utf8), #"a\"b\\c"#),
        ([0x1b, 0x5b, 0x6d, 0x0a, 0x7f], #"\u001b[m\u000a\u007f"#),
        ([0x61, 0xff, 0xc3], "a\u{fffd}\u{fffd}"),
        (Array("kworker/0:1-é".utf8), "kworker/0:1-é"),
    ] as [([UInt8], String)])
    func `odd names are still JSON`(comm: [UInt8], expected: String) {
        let line = line(fault(1, comm: comm))
        #expect(line.contains(#""comm":"\#(expected)","process":"\#(expected)""#))
    }

    @Test func `a thread under another name and an equal kind are not confused`() {
        var format = JSONLines()
        var text = TextBuffer()
        for name in ["sh", "cat", "sh"] { format.fault(fault(1, comm: Array(name.utf8)), TraceNames(), to: &text) }
        // Shares its slot with the threads above.
        format.fault(fault(1, pid: 100 + 4096), TraceNames(), to: &text)
        let lines = text.string.split(separator: "\n")
        #expect(lines[0] == lines[2])
        #expect(lines[1].contains(#""comm":"cat""#))
        #expect(lines[3].contains(#""pid":4196,"tid":4196"#))
    }

    @Test func `a gap is a line of its own`() {
        var text = TextBuffer()
        var format = JSONLines()
        format.lost(Lost(cpu: 3, count: 17, firstNs: 900, lastNs: 950), to: &text)
        #expect(text.string == "{\"lost\":{\"count\":17,\"time_ns\":900}}\n")
    }

    @Test func `a lost connection is a line of its own`() {
        var text = TextBuffer()
        var format = JSONLines()
        format.interrupted(Outage(reason: #"the "cable" was cut"#, sinceNs: 900, untilNs: 950), to: &text)
        #expect(text.string == #"{"interrupted":{"since_ns":900,"until_ns":950,"reason":"the \"cable\" was cut"}}"# + "\n")
    }

    @Test func `a fault of a known process in known memory says so`() {
        let (fault, names) = explainedFault()
        var format = JSONLines()
        var text = TextBuffer()
        for _ in 0..<2 {
            text.removeAll()
            format.fault(fault, names, to: &text)
            #expect(text.string.contains(#""comm":"cat","process":"com.example.browser:tab0","address""#))
            #expect(
                text.string.hasSuffix(
                    #""mapping":{"name":"/data/app/base.apk","offset":"0x85010","region":"apk"},"#
                        + #""ip_mapping":{"name":"/lib/libc.so.6","offset":"0x1123","symbol":null}}"# + "\n"))
        }
    }
}
