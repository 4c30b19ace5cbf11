import CZlib
import Exporters
import FaultModel
import SwiftProtobuf
import Testing
import TraceFixtures
import TraceModel
import TraceSchemas
import WireProtocol

struct PprofTests {
    private func profile(sampleEvery: UInt32 = 1, _ names: TraceNames, _ faults: [PageFault], lost: UInt64 = 0) throws -> PprofProfile {
        var format = PprofSamples()
        var text = TextBuffer()
        var summary = TraceSummary(session: session(sampleEvery: sampleEvery))
        summary.names = names
        summary.statistics.add(Lost(cpu: 0, count: lost, firstNs: 1, lastNs: 1))
        format.begin(summary.session, to: &text)
        for fault in faults { format.fault(fault, names, to: &text) }
        format.finish(summary, to: &text)
        return try PprofProfile(serializedBytes: unpacked(Array(text.bytes)))
    }

    private func unpacked(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        var source = bytes
        var result = [UInt8](repeating: 0, count: 1 << 16)
        inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { inflateEnd(&stream) }
        let status = source.withUnsafeMutableBufferPointer { source in
            result.withUnsafeMutableBufferPointer { room in
                (stream.next_in, stream.avail_in) = (source.baseAddress, UInt32(source.count))
                (stream.next_out, stream.avail_out) = (room.baseAddress, UInt32(room.count))
                return inflate(&stream, Z_FINISH)
            }
        }
        #expect(status == Z_STREAM_END)
        return Array(result.prefix(Int(stream.total_out)))
    }

    @Test func `samples have faults and the time in them, and say whose they are and why`() throws {
        let (known, names) = explainedFault()
        var slow = known
        slow.latencyNs = 1500
        let profile = try profile(names, [known, slow, fault(5)], lost: 17)
        let words = profile.stringTable
        #expect(words[0] == "")
        #expect(profile.sampleType.map { [words[Int($0.type)], words[Int($0.unit)]] } == [["faults", "count"], ["latency", "nanoseconds"]])
        #expect(profile.sample.map(\.value) == [[2, 1500], [1, 0]])
        let labels = profile.sample.map { $0.label.map { [words[Int($0.key)], words[Int($0.str)]] } }
        #expect(labels == [[["process", "com.example.browser:tab0"], ["cause", "page cache"]], [["process", "cat"]]])
        #expect(profile.comment.map { words[Int($0)] } == ["page faults by tracepoint on Linux 6.1", "17 faults were lost and are in no sample"])
        #expect(profile.timeNanos == 1_700_000_000_000_000_000)
    }

    @Test func `a location has its mapping, its place in the file and its function`() throws {
        let (fault, names) = explainedFault()
        let profile = try profile(names, [fault])
        let words = profile.stringTable
        let location = try #require(profile.location.first { $0.id == profile.sample[0].locationID[0] })
        let mapping = try #require(profile.mapping.first { $0.id == location.mappingID })
        let function = try #require(profile.function.first { $0.id == location.line[0].functionID })
        #expect((location.address, words[Int(mapping.filename)], words[Int(function.name)]) == (0x1123, "/lib/libc.so.6", "[libc.so.6]"))
        #expect((mapping.memoryStart, mapping.memoryLimit, mapping.fileOffset) == (0, 0x1124, 0))
    }

    @Test func `the first mapping, which stands for the program, is a file`() throws {
        let stacks = StackFixture()
        let profile = try profile(stacks.names, [stacks.both])
        let files = profile.mapping.map { profile.stringTable[Int($0.filename)] }
        #expect(files.contains("[kernel]") && files.first?.hasPrefix("/") == true)
    }

    @Test func `a stack has the leaf first`() throws {
        let stacks = StackFixture()
        let profile = try profile(stacks.names, [stacks.both])
        let functions = profile.sample[0].locationID.map { number in
            profile.stringTable[Int(profile.function[Int(profile.location[Int(number) - 1].line[0].functionID) - 1].name)]
        }
        #expect(functions == ["[kernel]", "[a b,\"c.so]", "[unknown]", "[truncated]"])
    }

    @Test func `of one in N a fault counts as N`() throws {
        let profile = try profile(sampleEvery: 50, TraceNames(), [fault(1)])
        #expect((profile.sample[0].value, profile.period) == ([50, 0], 50))
    }
}
