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

    /// Each seventh, so that every place in a byte has its turn; `FrameSealTests` flips them all.
    @Test func `a bit that is flipped is found, and the frame that it is in is named`() throws {
        for (frame, next) in zip(frameStarts, frameStarts.dropFirst() + [good.count]) {
            for bit in stride(from: frame * 8, to: next * 8, by: 7) {
                let path = try folder.write("flipped.flt", flipped(bit))
                let problem = try #require(failure(of: path), "bit \(bit)")
                let isOfTheFrame = problem == .damaged(path, atByte: UInt64(frame), WireError.badChecksum.text)
                #expect(isOfTheFrame || frame == 0 && isOfTheBeginning(problem, path), "bit \(bit): \(problem)")
            }
        }
    }

    @Test func `what comes before damage is played`() throws {
        let lastBatch = frameStarts[frameStarts.count - 3]
        let (_, result) = try play(try folder.write("flipped.flt", flipped((lastBatch + 20) * 8)))
        #expect(result.problem != nil && result.summary.events == 2 && result.cutBytes == 0)
    }

    @Test func `a stretch of zeros is damage`() throws {
        for end in [good.count - 40, good.count] {
            let path = try folder.write("zeros.flt", good[..<frameStarts[5]] + [UInt8](repeating: 0, count: end - frameStarts[5]) + good[end...])
            #expect(failure(of: path) == .damaged(path, atByte: UInt64(frameStarts[5]), WireError.badChecksum.text))
        }
    }

    /// Where the frames of the good file begin.
    private var frameStarts: [Int] {
        var starts = [0]
        while let start = starts.last, start < good.count {
            let length = (0..<4).reduce(0) { $0 | Int(good[start + $1]) << ($1 * 8) }
            starts.append(start + Frame.headerSize + length + FrameSeal.size)
        }
        return starts.dropLast()
    }

    private func flipped(_ bit: Int) -> [UInt8] {
        var bytes = good
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return bytes
    }

    private func failure(of path: String) -> RecordingError? {
        do throws(RecordingError) { return try play(path).result.problem } catch { return error }
    }

    /// Type, magic and version are looked at before the checksum.
    private func isOfTheBeginning(_ problem: RecordingError, _ path: String) -> Bool {
        if case .otherVersion = problem { true } else { problem == .notOurs(path) }
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

    @Test(arguments: [1, 3]) func `another version is named, whatever its frames look like`(version: UInt32) throws {
        let bytes = Frame.encoded(FileFrame.recording.rawValue) { writer in
            writer.string(RecordingFormat.magic)
            writer.u32(version)
        }
        let path = try folder.write("other.flt", bytes)
        #expect(throws: RecordingError.otherVersion(path, version)) { try play(path) }
    }

    @Test func `a frame that is too long is damage`() throws {
        let path = try folder.write("long.flt", good + sealed([0xff, 0xff, 0xff, 0x7f, 0x83, 0, 0, 0]))
        let (_, result) = try play(path)
        #expect(result.problem == .damaged(path, atByte: UInt64(good.count), "a frame would be 2147483647 bytes long"))
        #expect(result.summary.events == 5)
    }

    private static let all: [RecordingError] = [
        .unreadable("f", .ioError), .directory("f"), .empty("f"), .notOurs("f"), .begun("f"), .otherVersion("f", 2), .otherProtocol("f", 2),
        .damaged("f", atByte: 1, "what"), .exists("f"), .uncreatable("f", .noSuchFileOrDirectory), .unwritable("f", .noSpace), .shortOfSpace("f", free: 1),
    ]

    @Test(arguments: all)
    func `an error is one sentence that says what happened and what to do`(error: RecordingError) { expectSentence(error) }

    private func expectSentence(_ error: RecordingError) {
        let text = error.description
        #expect(text.contains("; ") || text.contains(", "), "\(text)")
        #expect(!text.hasSuffix(".") && !text.contains("\n") && !text.contains("Optional"), "\(text)")
    }
}
