import FaultModel
import Foundation
import Subprocess
import SystemPackage
import Testing
import WireProtocol

/// An agent that traces into a file by itself.
@Suite(.serialized) struct RecordTests {
    /// A path where nothing stands.
    private let path = NSTemporaryDirectory() + "faultline-record-\(UUID().uuidString).flt"

    /// What a file holds, as far as its frames are whole.
    private struct Contents {
        var types: [UInt16] = []
        var events: UInt64 = 0
        var lost: UInt64 = 0
        var bye: Bye?
        var size = 0

        init(_ path: String) throws {
            let bytes = try Data(contentsOf: URL(filePath: path))
            size = bytes.count
            var (decoder, batches) = (FrameDecoder(isSealed: true), BatchDecoder())
            bytes.withUnsafeBytes { decoder.append($0) }
            while let frame = try decoder.next() {
                types.append(frame.type)
                switch frame.type == 0x100 || frame.type < 0x80 ? nil : try AgentMessage(frame) {
                case .batch(let payload)?:
                    var faults: [PageFault] = []
                    try batches.decode(payload, into: &faults)
                    events += UInt64(faults.count)
                case .lost(let loss)?: lost += loss.count
                case .bye(let last)?: bye = last
                default: break
                }
            }
        }
    }

    private func record(_ options: [String], during body: @escaping @Sendable () async throws -> Void = {}) async throws -> Tool.Output {
        async let output = Tool.run(Agent.path, ["record", "--output", path] + options)
        try await Task.sleep(for: .milliseconds(700))
        try await body()
        return try await output
    }

    private func work(_ pages: Int) async throws { _ = try await Tool.run(Device.workload, ["write", "\(pages)"]) }

    @Test(arguments: Way.sources.filter { Device.sources.contains($0) || $0 == "perf_ring" })
    func `a recording holds every fault of its time`(source: String) async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = try await record(["--duration", "2s", "--comm", "faults", "--source", source]) { try await work(997) }
        #expect(output.status == 0, "\(output.errors)")
        let contents = try Contents(path)
        #expect(contents.types.prefix(5) == [0x100, FrameType.hello.rawValue, FrameType.start.rawValue, FrameType.boot.rawValue, FrameType.started.rawValue])
        #expect(contents.types.last == FrameType.bye.rawValue)
        #expect(contents.events >= 997 && contents.bye?.events == contents.events && contents.bye?.lost == contents.lost)
        #expect(contents.bye?.reason == .stopped)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    private struct Report: Decodable {
        struct Summary: Decodable {
            var events: UInt64
            var complete: Bool
        }
        var summary: Summary
    }

    @Test(arguments: [0, 100]) func `a controller reports what the agent has recorded, also of a file that was cut`(cut: Int) async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = try await record(["--duration", "2s", "--comm", "faults"]) { try await work(997) }
        #expect(output.status == 0, "\(output.errors)")
        let bytes = try Data(contentsOf: URL(filePath: path))
        try bytes.dropLast(cut).write(to: URL(filePath: path))
        let reported = try await Tool.run(Device.faultline, ["report", path, "--json"])
        #expect(reported.status == 0, "\(reported.errors)")
        let report = try JSONDecoder().decode(Report.self, from: Data(reported.text.utf8))
        #expect(report.summary.events == (try Contents(path)).events && report.summary.events >= 997)
        #expect(report.summary.complete == (cut == 0))
    }

    @Test func `a signal ends a recording in order`() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = try await record(["--comm", "faults"]) {
            try await work(500)
            _ = try await Tool.run("/usr/bin/pkill", ["-TERM", "-f", path])
        }
        #expect(output.status == 0)
        let contents = try Contents(path)
        #expect(contents.bye?.reason == .signalled)
        #expect(contents.events >= 500)
    }

    @Test func `who is killed leaves what was written`() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = try await record(["--comm", "faults"]) {
            try await work(500)
            try await Task.sleep(for: .milliseconds(100))
            _ = try await Tool.run("/usr/bin/pkill", ["-KILL", "-f", path])
        }
        #expect(output.status == 137)
        let contents = try Contents(path)
        #expect(contents.events >= 500 && contents.bye == nil)
    }

    @Test func `a recording is no larger than it may be`() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = try await record(["--max-size", "1M", "--comm", "faults", "--duration", "20s"]) {
            _ = try await Tool.run(Device.workload, ["again", "400000"])
        }
        #expect(output.status == 0)
        let contents = try Contents(path)
        #expect(contents.bye?.reason == .limitReached)
        #expect(contents.size > 400_000 && contents.size <= 1 << 20)
    }

    @Test func `a disk that fills up ends a recording, which is whole`() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = try await record(["--min-free", "1000000G", "--duration", "20s"])
        #expect(output.status == 1)
        #expect(output.errors.contains("ends early: less than"))
        #expect(try Contents(path).bye != nil)
    }

    @Test func `what stands there is not touched, nor what a link leads to`() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let target = path + "-target"
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        var output = try await record(["--duration", "1s"])
        #expect(output.status == 1 && output.errors.contains("EEXIST"))
        #expect(!FileManager.default.fileExists(atPath: target))
        try FileManager.default.removeItem(atPath: path)
        try "text".write(toFile: path, atomically: true, encoding: .utf8)
        output = try await record(["--duration", "1s"])
        #expect(output.status == 1)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "text")
    }

    @Test func `a recording that cannot begin leaves no file`() async throws {
        let output = try await record(["--package", "no.such.package"])
        #expect(output.status == 1)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `the boot's service begins a recording that the agent takes`() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let lines = try String(contentsOfFile: "android/init/faultline.rc", encoding: .utf8).split(separator: "\n")
        var words = try #require(lines.first { $0.hasPrefix("service ") }).split(separator: " ").map(String.init)
        #expect(words[3...4] == ["record", "--output"])
        words[5] = path
        words.replace(["--duration", "60s"], with: ["--duration", "500ms"])
        words.replace(["--min-free", "512M"], with: ["--min-free", "1M"])
        let output = try await Tool.run(Agent.path, Array(words[3...]))
        #expect(output.status == 0, "\(output.errors)")
        #expect(try Contents(path).bye?.reason == .stopped)
    }

    @Test(arguments: [[], ["--duration", "1"], ["--max-size", "1X"], ["--sample", "0"], ["--nonsense", "1"], ["--pid"]])
    func `wrong usage is 2`(options: [String]) async throws {
        let output = try await Tool.run(Agent.path, ["record"] + (options.isEmpty ? [] : ["--output", path]) + options)
        #expect(output.status == 2 && !output.errors.isEmpty)
    }
}
