import Foundation
import Testing
import TraceModel
import WireProtocol

@testable import Recording

/// The bytes of the frames that stand in files alone, spelt out.
struct VectorTests {
    private static let header = RecordingHeader(
        controllerVersion: "0.1.0", device: RecordedDevice(name: "oriole", serial: "X1", model: "Pixel 6"),
        wallClockNs: 1_700_000_000_000_000_000, series: 0x0102_0304_0506_0708, number: 2,
        before: SessionPart(events: 1000, lost: 7, startNs: 1_000_000_000))

    @Test func `a recording begins with these bytes`() throws {
        let bytes = try vector("recording")
        #expect(sealed(Self.header.encoded()) == bytes)
        #expect(try payload(bytes) { reader throws(WireError) in try RecordingHeader(&reader) } == Self.header)
    }

    @Test func `a file that another one follows ends with these`() throws {
        let bytes = try vector("continued")
        let end = Continued(events: 1000, lost: 7, untilNs: 2_000_000_000)
        #expect(sealed(end.encoded()) == bytes)
        #expect(try frame(bytes) == .continued(end))
    }

    @Test func `a lost connection is told with these`() throws {
        let bytes = try vector("interrupted")
        let gap = Interruption(reason: "the cable", sinceNs: 2_000_000_000, wallClockNs: 1_700_000_001_000_000_000)
        #expect(sealed(gap.encoded()) == bytes)
        #expect(try frame(bytes) == .interrupted(gap))
    }

    private func frame(_ bytes: [UInt8]) throws -> RecordedFrame? {
        try raw(bytes).flatMap { try RecordedFrame($0) }
    }

    private func payload<Value>(_ bytes: [UInt8], _ body: (inout ByteReader) throws(WireError) -> Value) throws -> Value {
        try #require(try raw(bytes)).read(body)
    }

    private func raw(_ bytes: [UInt8]) throws -> RawFrame? {
        var decoder = FrameDecoder(isSealed: true)
        bytes.withUnsafeBytes { decoder.append($0) }
        return try decoder.next()
    }

    private func vector(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors/Recording")
        return try String(contentsOf: folder.appending(path: name + ".hex"), encoding: .utf8).split(separator: "\n").flatMap { line in
            line.prefix { $0 != "#" }.split(separator: " ").map { UInt8($0, radix: 16)! }
        }
    }
}
