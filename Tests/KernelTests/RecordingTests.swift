import Foundation
import Subprocess
import SystemPackage
import Testing

/// What a recording of real faults gives back is what the trace was, to the event.
@Suite(.serialized) struct RecordingTests {
    private let pages = 997
    private let folder = FileManager.default.temporaryDirectory.appending(path: "faultline-\(UInt64.random(in: 0...UInt64.max))")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private func path(_ name: String) -> String { folder.appending(path: name).path }
    private func removeAll() { try? FileManager.default.removeItem(at: folder) }

    private func report(_ file: String, _ options: [String] = []) async throws -> Report {
        let output = try await Tool.run(Device.faultline, ["report", path(file), "--json", "--top", "0"] + options)
        #expect(output.status == 0, "\(output.errors)")
        return try JSONDecoder().decode(Report.self, from: Data(output.text.utf8))
    }

    /// Events in a file that somebody may still be writing; 0: it has not begun.
    private func recorded(_ file: String) async -> UInt64 {
        let output = try? await Tool.run(Device.faultline, ["report", path(file), "--json"])
        let report = try? JSONDecoder().decode(Report.self, from: Data((output?.text ?? "").utf8))
        return report?.summary.events ?? 0
    }

    // MARK: The same as the trace

    @Test(arguments: Device.allWays)
    func `a recording exports to what the trace has written, byte by byte`(way: Way) async throws {
        defer { removeAll() }
        let traced = try await Tool.faultline(
            ["trace"] + Device.target + way.options + ["--format", "json", "--no-symbols", "--stacks", "--output", path("a.flt"), "--"]
                + [Device.workload, "write", "\(pages)", "fork", "3", "read", "\(pages)"])
        #expect(traced.status == 0, "\(traced.errors)")
        let exported = try await Tool.run(Device.faultline, ["export", path("a.flt"), "--to", "json", "--output", "-"])
        #expect(exported.status == 0 && exported.text == traced.text, "\(exported.errors)")
    }

    @Test(arguments: Device.ways)
    func `its report has the events of the trace, and getrusage's`(way: Way) async throws {
        defer { removeAll() }
        let run = try await Tool.trace(
            way.options + ["--output", path("a.flt"), "--", Device.workload, "write", "\(pages)", "kernel", "\(pages)"])
        let summary = try #require(run.summary)
        #expect(run.status == 0 && summary.lost == 0, "\(run.errors)")
        for grouping in ["process", "thread", "package", "mapping", "region", "cause", "outcome", "stack", "function"] {
            let report = try await report("a.flt", ["--by", grouping])
            #expect(report.summary.events == summary.events && report.summary.complete, "\(grouping)")
            #expect(report.groups.reduce(0) { $0 + $1.events } == summary.events, "\(grouping)")
            #expect(report.timeline.events.reduce(0, +) == summary.events)
            let command = try #require(report.summary.command)
            let counted = command.minor_faults + command.major_faults
            #expect(counted - 8...counted ~= summary.events, "getrusage \(counted), recorded \(summary.events)")
        }
    }

    /// The command stays for as long as it may take to read the kernel's functions.
    @Test func `names of functions are in it, also when nobody looked`() async throws {
        defer { removeAll() }
        let run = try await Tool.faultline(
            ["trace"] + Device.target + ["--quiet", "--output", path("a.flt"), "--", Device.workload, "write", "\(pages)", "sleep", "3000"])
        #expect(run.status == 0 && run.text.isEmpty, "\(run.errors)")
        let report = try await report("a.flt", ["--by", "function"])
        #expect(report.groups.contains { $0.name?.hasPrefix("[kernel]!") == true })
        #expect(report.latency?.count ?? 0 > UInt64(pages))
    }

    @Test func `a comparison tells what grew`() async throws {
        defer { removeAll() }
        for (file, count) in [("a.flt", pages), ("b.flt", pages * 2)] {
            _ = try await Tool.faultline(
                ["trace"] + Device.target + ["--quiet", "--output", path(file), "--", Device.workload, "write", "\(count)"])
        }
        let output = try await Tool.run(Device.faultline, ["report", path("b.flt"), "--diff", path("a.flt"), "--json"])
        let comparison = try JSONDecoder().decode(Comparison.self, from: Data(output.text.utf8))
        let change = try #require(comparison.groups.first { $0.name == "faults" }?.change)
        #expect(abs(change - Int64(pages)) < 20, "\(change)")
    }

    // MARK: Ends that nobody wished for

    @Test(.timeLimit(.minutes(2))) func `what a killed recorder has written can be read`() async throws {
        defer { removeAll() }
        let arguments = ["trace"] + Device.target + ["--quiet", "--output", path("a.flt"), "--", Device.workload, "again", "100000", "sleep", "60000"]
        _ = try await Subprocess.run(
            .path(FilePath(Device.faultline)), arguments: Arguments(arguments), input: .none, output: .discarded, error: .discarded
        ) { execution in
            while await recorded("a.flt") < 100_000 { try await Task.sleep(for: .milliseconds(250)) }
            try execution.send(signal: .kill)
        }
        let report = try await report("a.flt")
        #expect(report.summary.events >= 100_000 && !report.summary.complete)
        let text = try await Tool.run(Device.faultline, ["report", path("a.flt")])
        #expect(text.status == 0 && text.text.contains("incomplete"))
    }

    @Test(.enabled(if: Device.isThisMachine))
    func `a full disk ends the trace in order, and what is there can be read`() async throws {
        defer { removeAll() }
        let mounted = try await Tool.run("/bin/mount", ["-t", "tmpfs", "-o", "size=512k", "none", folder.path])
        #expect(mounted.status == 0, "\(mounted.errors)")
        let run = try await Tool.faultline(
            ["trace"] + Device.target + ["--quiet", "--min-free", "0", "--output", path("a.flt"), "--", Device.workload, "again", "500000"])
        let report = try await report("a.flt")
        let umounted = try await Tool.run("/bin/umount", [folder.path])
        #expect(umounted.status == 0)
        #expect(run.status == 1 && run.errors.contains("cannot write") && run.errors.contains("page faults in"), "\(run.errors)")
        #expect(report.summary.events > 10_000 && report.recording.cut_bytes == 0 && !report.summary.complete)
    }

    @Test func `a file that is there stays`() async throws {
        defer { removeAll() }
        try Data("mine".utf8).write(to: folder.appending(path: "a.flt"))
        let run = try await Tool.faultline(["trace"] + Device.target + ["--output", path("a.flt"), "--", Device.workload, "write", "1"])
        #expect(run.status == 2 && run.errors.contains("--force"), "\(run.errors)")
        #expect(try String(contentsOfFile: path("a.flt"), encoding: .utf8) == "mine")
    }

    // MARK: Long runs

    @Test func `the files of a rotated recording add up, and each can be read alone`() async throws {
        defer { removeAll() }
        let rounds = (0..<8).flatMap { _ in ["again", "60000", "sleep", "50"] }
        let run = try await Tool.trace(
            ["--quiet", "--output", path("run.flt"), "--rotate-size", "1M", "--"] + [Device.workload] + rounds)
        let summary = try #require(run.summary)
        #expect(run.status == 0, "\(run.errors)")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(files.count > 1 && files[0] == "run-0001.flt")
        var (events, lost): (UInt64, UInt64) = (0, 0)
        for file in files {
            let part = try await report(file, ["--by", "mapping"])
            #expect(part.summary.complete && part.recording.continued == (file != files.last), "\(file)")
            #expect(part.groups.contains { $0.name?.contains("[anon") == true || $0.name == "/dev/zero" }, "\(part.groups)")
            (events, lost) = (events + part.summary.events, lost + part.summary.lost)
        }
        #expect(events == summary.events && lost == summary.lost)
    }
}

/// `report --json`, as far as the tests look at it.
private struct Report: Decodable {
    struct Origin: Decodable {
        var continued: Bool
        var cut_bytes: UInt64
    }

    struct Group: Decodable {
        var name: String?
        var events: UInt64
    }

    struct Latency: Decodable {
        var count: UInt64
    }

    struct Timeline: Decodable {
        var events: [UInt64]
    }

    var recording: Origin
    var summary: Summary
    var groups: [Group]
    var latency: Latency?
    var timeline: Timeline
}

private struct Comparison: Decodable {
    struct Row: Decodable {
        var name: String?
        var change: Int64
    }

    var groups: [Row]
}
