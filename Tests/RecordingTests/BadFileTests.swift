import Recording
import Testing
import TraceModel
import WireProtocol

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// Whatever a file holds, reading it ends, with a trace or with one sentence.
struct BadFileTests {
    private let folder: Folder
    private let good: [UInt8]

    init() throws {
        folder = try Folder()
        try recordShort(folder.path("good.flt"))
        good = try folder.bytes("good.flt")
    }

    @Test func `a file that is cut at any byte plays up to its last whole frame`() throws {
        var played: Set<UInt64> = []
        for length in 0..<good.count {
            let path = try folder.write("cut.flt", Array(good[..<length]))
            do throws(RecordingError) {
                let (_, result) = try play(path)
                #expect(result.problem == nil && result.summary.events <= 5, "\(length)")
                #expect(result.cutBytes < 3_000 && UInt64(length) >= result.cutBytes, "\(length)")
                played.insert(result.summary.events)
            } catch {
                #expect(length == 0 ? error == .empty(path) : [.notOurs(path), .begun(path)].contains(error), "\(length) \(error)")
            }
        }
        #expect(played == [0, 2, 5])
    }

    @Test func `a file with a bit of any byte flipped plays, or ends in a sentence`() throws {
        for place in good.indices {
            var bytes = good
            bytes[place] ^= 1 << UInt8(place % 8)
            let path = try folder.write("flipped.flt", bytes)
            do throws(RecordingError) {
                let (_, result) = try play(path)
                if let problem = result.problem { expectSentence(problem) }
            } catch {
                expectSentence(error)
            }
        }
    }

    @Test func `what is no recording is called so`() throws {
        #expect(throws: RecordingError.notOurs("/dev/zero")) { try play("/dev/zero") }
        #expect(throws: RecordingError.empty("/dev/null")) { try play("/dev/null") }
        #expect(throws: RecordingError.directory("/")) { try play("/") }
        #expect(throws: RecordingError.unreadable("/none/of/that", .noSuchFileOrDirectory)) { try play("/none/of/that") }
        let text = try folder.write("text", Array("pid,tid,address\n1,2,3\n".utf8))
        #expect(throws: RecordingError.notOurs(text)) { try play(text) }
        let wire = try folder.write("wire", HostMessage.stop.encoded())
        #expect(throws: RecordingError.notOurs(wire)) { try play(wire) }
    }

    @Test func `another version is named`() throws {
        var bytes = good
        let version = Frame.headerSize + 2 + "faultline recording".utf8.count
        bytes[version] = 2
        let path = try folder.write("new.flt", bytes)
        #expect(throws: RecordingError.otherVersion(path, 2)) { try play(path) }
    }

    @Test func `a frame that is too long is damage`() throws {
        let path = try folder.write("long.flt", good + [0xff, 0xff, 0xff, 0x7f, 0x83, 0, 0, 0])
        let (_, result) = try play(path)
        #expect(result.problem == .damaged(path, atByte: UInt64(good.count), "a frame would be 2147483647 bytes long"))
        #expect(result.summary.events == 5)
    }

    private static let all: [RecordingError] = [
        .unreadable("f", .ioError), .directory("f"), .empty("f"), .notOurs("f"), .begun("f"), .otherVersion("f", 2), .otherProtocol("f", 2),
        .damaged("f", atByte: 1, "what"), .exists("f"), .unwritable("f", .noSpace), .shortOfSpace("f", free: 1),
    ]

    @Test(arguments: all)
    func `an error is one sentence that says what happened and what to do`(error: RecordingError) { expectSentence(error) }

    private func expectSentence(_ error: RecordingError) {
        let text = error.description
        #expect(text.contains("; ") || text.contains(", "), "\(text)")
        #expect(!text.hasSuffix(".") && !text.contains("\n") && !text.contains("Optional"), "\(text)")
    }
}
