import FaultModel
import Testing
import WireProtocol

/// Each message's bytes, spelt out in a file: a field that moves breaks these.
struct GoldenVectorTests {
    @Test(arguments: FrameType.allCases)
    func `a message's bytes are those of its vector`(type: FrameType) throws {
        #expect(Golden.message(type).encoded() == (try Vector.bytes(type)))
    }

    @Test(arguments: FrameType.allCases)
    func `a vector's bytes say what its message says`(type: FrameType) throws {
        let frames = try cut([try Vector.bytes(type)])
        #expect(frames.map(\.type) == [type.rawValue])
        #expect(try EitherMessage(frames[0]) == Golden.message(type))
    }

    @Test func `the batch's vector holds the faults that were recorded`() throws {
        #expect(try decoded([try Vector.bytes(.batch)]) == Golden.records.map(\.fault))
    }

    @Test func `there is a vector for each message and none besides`() throws {
        #expect(try Vector.names() == FrameType.allCases.map(\.name).sorted())
    }

    @Test func `docs protocol md has a section for each message and none besides`() throws {
        #expect(try Vector.documented() == FrameType.allCases.map(\.heading))
    }
}
