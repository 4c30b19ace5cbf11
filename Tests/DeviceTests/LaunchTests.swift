import Foundation
import Testing

/// `faultline launch`, with stand-ins for Android's commands in the guest (`Tests/Device/guest/android`): the app is the workload, so that what
/// it faults is known before.
@Suite(.serialized) struct LaunchTests {
    private static let app = "com.example.faults"
    private static let user = "10123"

    private func launch(_ arguments: String..., on name: String = "magisk") async throws -> Lab.Output {
        try await Lab.faultline(["launch", "--device", Lab.serial(name)] + arguments)
    }

    @Test(arguments: [[], ["--cold"]])
    func `an app's start is told to the last fault`(options: [String]) async throws {
        try await leavingNothing(on: "magisk") {
            let output = try await Lab.faultline(["launch", Self.app, "--device", Lab.serial("magisk"), "--json", "--after", "300ms"] + options)
            #expect(output.status == 0, "\(output.errors)")
            let report = try JSONDecoder().decode(LaunchedApp.self, from: Data(output.text.utf8))
            #expect(report.package == Self.app && report.activity == ".Main" && report.launch_state == "COLD" && report.cold == !options.isEmpty)
            #expect(output.errors.contains("dropping the page cache") == !options.isEmpty)
            #expect(report.summary.complete && report.summary.lost == 0)
            #expect(report.region("anonymous") == 997 && report.region("shared") == 503 && report.region("file") == 61)
            #expect(report.by_cause.first { $0.name == "file_read" }?.events == 61)
            try expectReads(report)
            try expectTimes(report)
            try await end()
        }
    }

    /// One file that was not in memory, read page by page from its beginning.
    private func expectReads(_ report: LaunchedApp) throws {
        #expect(report.storage_reads.count == 1)
        let file = try #require(report.storage_reads.first)
        #expect(file.file.hasPrefix("/data/data/com.example.faults/faults.") && file.events == 61)
        let range = try #require(file.ranges.first)
        #expect(file.ranges.count == 1 && range.offset == 0 && range.length == 61 * 4096 && range.events == 61)
        #expect(range.first_since_start_ns > 0 && range.first_since_start_ns < report.displayed_after_ns)
        let found = try #require(report.files.first { $0.name == file.file })
        #expect(found.major == 61)
    }

    /// The stand-in's faults are all made before it says that the activity is drawn; by clocks of ten milliseconds.
    private func expectTimes(_ report: LaunchedApp) throws {
        let total = report.summary.events
        #expect(report.until_displayed.events + report.after.events + report.before_start.events == total)
        #expect(report.until_displayed.events + report.before_start.events >= 997 + 503 + 61)
        #expect(report.timeline.events.reduce(0, +) + report.before_start.events == total)
        #expect(!report.worst.isEmpty && report.worst.count <= 10)
        #expect(report.worst.map(\.latency_ns) == report.worst.map(\.latency_ns).sorted(by: >))
    }

    @Test func `a launch is recorded, page by page`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "faultline-launch-\(UUID()).flt").path()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let output = try await launch(Self.app + "/.Main", "--output", file)
        #expect(output.status == 0, "\(output.errors)")
        #expect(output.text.hasPrefix("com.example.faults/.Main displayed after ") && output.text.contains("read from storage, in file order: 61 faults"))
        #expect(output.text.contains("recorded in \(file)"))
        let trace = try Trace(try await Lab.faultline(["export", file, "--to", "json", "--output", "-"]))
        #expect(trace.written.count == 997 && trace.summary?.complete == true)
        try await end()
    }

    @Test func `what ran of the app is ended first`() async throws {
        #expect(try await launch(Self.app).status == 0)
        let first = try await processes()
        #expect(try await launch(Self.app).status == 0)
        let second = try await processes()
        #expect(first.count == 1 && second.count == 1 && first != second)
        try await end()
    }

    @Test(arguments: [
        ("com.example.none", "is not installed on device"), ("com.example.service", "has no activity that a launcher starts"),
        ("com.example.many", "has several activities that a launcher starts"),
        ("com.example.faults/.None", "was not started: Activity class {com.example.faults/.None} does not exist; check the activity's name"),
    ])
    func `an app that cannot be launched is told`(app: String, reason: String) async throws {
        try await leavingNothing(on: "magisk") {
            let output = try await launch(app)
            #expect(output.status == 1 && output.text.isEmpty)
            #expect(output.errors.contains(reason), "\(output.errors)")
        }
    }

    @Test func `a device that is no Android is told`() async throws {
        try await leavingNothing(on: "plain") {
            let output = try await launch(Self.app, on: "plain")
            #expect(output.status == 1)
            #expect(output.errors.contains("cannot launch apps: it has no 'cmd' and 'am'"), "\(output.errors)")
        }
    }

    private func processes() async throws -> [Substring] {
        let lines = try await Lab.shell("magisk", "ps -o pid,user").text.split(whereSeparator: \.isNewline)
        return lines.map { $0.split(separator: " ") }.filter { $0.count == 2 && $0[1] == Self.user }.map { $0[0] }
    }

    private func end() async throws { try await Lab.shell("magisk", "su -c 'am force-stop \(Self.app)'") }
}

// MARK: - What a launch came to

private struct LaunchedApp: Decodable {
    struct Sum: Decodable { var events: UInt64 }
    struct Group: Decodable {
        var name: String?
        var events: UInt64
    }
    struct File: Decodable {
        var name: String
        var major: UInt64
    }
    struct Fault: Decodable { var latency_ns: UInt64 }
    struct Reads: Decodable {
        struct Range: Decodable {
            var offset, length, events: UInt64
            var first_since_start_ns: Int64
        }
        var file: String
        var events: UInt64
        var ranges: [Range]
    }
    struct Timeline: Decodable { var events: [UInt64] }

    var package, activity: String
    var launch_state: String?
    var cold: Bool
    var displayed_after_ns: Int64
    var before_start, until_displayed, after: Sum
    var by_cause, by_region: [Group]
    var files: [File]
    var worst: [Fault]
    var storage_reads: [Reads]
    var timeline: Timeline
    var summary: Summary

    func region(_ name: String) -> UInt64? { by_region.first { $0.name == name }?.events }
}
