import FaultModel
import Testing

struct VocabularyTests {
    // MARK: Traits: mode in bits 0-1, access in 2-3, present in 4-5, outcome in 6-7

    @Test(arguments: UInt8.min ... .max)
    func `each two bits are an answer of their own`(bits: UInt8) {
        let traits = FaultTraits(rawValue: bits)
        #expect(traits.mode == [nil, .user, .kernel, nil][Int(bits & 3)])
        #expect(traits.access == [nil, .read, .write, .execute][Int(bits >> 2 & 3)])
        #expect(traits.present == [nil, false, true, nil][Int(bits >> 4 & 3)])
        #expect(traits.outcome == [nil, .minor, .major, .failed][Int(bits >> 6)])
    }

    // MARK: Names

    @Test func `every word of the contract is there`() {
        #expect(FaultMode.allCases.map(\.name) == ["user", "kernel"])
        #expect(FaultAccess.allCases.map(\.name) == ["read", "write", "execute"])
        #expect(FaultOutcome.allCases.map(\.name) == ["minor", "major", "failed"])
        #expect(Transport.allCases.map(\.name) == ["ringbuf", "perfbuf", "perf_ring"])
        #expect(CheckStatus.allCases.map(\.name) == ["pass", "warn", "fail", "unknown"])
    }

    @Test func `sources and transports are found by their names`() {
        for source in FaultSource.allCases { #expect(FaultSource(name: source.name) == source) }
        for transport in Transport.allCases { #expect(Transport(name: transport.name) == transport) }
        for name in ["", "Tracepoint", "perf", "ringbuf "] {
            #expect(FaultSource(name: name) == nil)
            #expect(Transport(name: name) == nil)
        }
    }

    @Test func `no two things share a name`() {
        #expect(Set(Column.allCases.map(\.name)).count == Column.allCases.count)
        #expect(Set(FaultSource.allCases.map(\.name)).count == FaultSource.allCases.count)
        #expect(Set(CheckID.allCases.map(\.rawValue)).count == CheckID.allCases.count)
    }

    @Test(arguments: FaultSource.allCases)
    func `each source tells when, who, where`(source: FaultSource) {
        for column: Column in [.time, .cpu, .pid, .tid, .uid, .comm, .address] { #expect(source.columns.contains(column)) }
        #expect(Set(source.columns).count == source.columns.count)
    }

    @Test func `the processor's error code is told where its handler is hooked`() {
        #expect(FaultSource.allCases.filter { $0.columns.contains(.errorCode) } == [.tracepoint, .fentry])
        #expect(FaultSource.allCases.filter { $0.columns.contains(.present) } == [.tracepoint, .fentry])
        #expect(FaultSource.allCases.filter { $0.columns.contains(.access) } == [.tracepoint, .fentry, .kprobe])
    }

    @Test func `a filter names the columns that it needs`() {
        var filter = FaultFilter()
        #expect(filter.neededColumns.isEmpty)
        filter.accesses = [.write]
        #expect(filter.neededColumns == [.access])
        filter.present = false
        #expect(filter.neededColumns == [.access, .present])
    }

    // MARK: Thread names

    @Test(arguments: [
        ([], ""), ([0x61], "a"), ([0x61, 0, 0x62], "a"), ([0, 0x61], ""), (Array("0123456789abcde".utf8) + [0], "0123456789abcde"),
        (Array("0123456789abcdef".utf8), "0123456789abcdef"), (Array("0123456789abcdefg".utf8), "0123456789abcdef"),
        (Array("ünïcödé".utf8), "ünïcödé"), ([0xff, 0x41, 0xc3], "\u{fffd}A\u{fffd}"),
    ] as [([UInt8], String)])
    func `a name ends at its first zero or its sixteenth byte`(bytes: [UInt8], text: String) {
        #expect(ThreadName(bytes).text == text)
    }

    @Test func `bytes of any value are kept in each place`() {
        for place in 0..<ThreadName.capacity {
            for byte: UInt8 in [1, 0x7f, 0x80, 0xff] {
                var bytes = [UInt8](repeating: 0x20, count: ThreadName.capacity)
                bytes[place] = byte
                #expect(ThreadName(bytes).bytes == bytes)
            }
        }
    }

    @Test func `names are equal by what counts of them`() {
        #expect(ThreadName([0x61, 0, 0x62]) == ThreadName([0x61]))
        #expect(ThreadName([0x61, 0, 0x62]).hashValue == ThreadName([0x61]).hashValue)
        #expect(ThreadName(Array("12345678a".utf8)) != ThreadName(Array("12345678b".utf8)))
        #expect(ThreadName(Array("a2345678".utf8)) != ThreadName(Array("b2345678".utf8)))
        #expect(Set([ThreadName([1]), ThreadName([2]), ThreadName([1, 0])]).count == 2)
    }
}
