import Foundation
import Testing

/// What `stat --json` writes, as far as the tests look at it.
struct Counts: Decodable {
    struct Row: Decodable {
        var pid: UInt32?
        var tid: UInt32?
        var name: String?
        var faults: UInt64
        var user: UInt64
        var kernel: UInt64
        var minor: UInt64?
        var failed: UInt64?
        var cpu_time_ns: UInt64?
        var histogram: [Bar]
    }

    struct Bar: Decodable {
        var from_ns: UInt64
        var to_ns: UInt64
        var faults: UInt64
    }

    struct Total: Decodable {
        var faults: UInt64
        var minor: UInt64?
        var major: UInt64?
        var failed: UInt64?
        var fault_time_ns: UInt64?
        var cpu_time_ns: UInt64?
    }

    var rows: [Row]
    var histogram: [Bar]
    var total: Total
    var lost: UInt64
    var duration_ns: UInt64
    var counted_in: String
    var held_back: UInt64?
    var complete: Bool?
    var command: Summary.Command?

    func row(_ name: String) -> UInt64 { rows.filter { $0.name == name }.reduce(0) { $0 + $1.faults } }
}

/// Counting finds what tracing finds.
@Suite(.serialized) struct StatTests {
    private static let ways = Device.ways + [Way(source: "perf_ring", transport: "perf_ring")]

    private func stat(_ options: [String], _ phases: [String]) async throws -> (intervals: [Counts], whole: Counts) {
        try await stat(options, command: [Device.workload] + phases)
    }

    private func stat(_ options: [String], command: [String]) async throws -> (intervals: [Counts], whole: Counts) {
        let output = try await Tool.faultline(["stat"] + Device.target + ["--json", "--top", "0"] + options + ["--"] + command)
        #expect(output.status == 0, "\(output.errors)")
        let decoder = JSONDecoder()
        var lines = output.text.utf8.split(separator: UInt8(ascii: "\n")).map { Data($0) }
        let last = lines.popLast()
        let whole = try decoder.decode(Counts.self, from: try #require(last))
        return (try lines.map { try #require(try decoder.decode([String: Counts].self, from: $0)["interval"]) }, whole)
    }

    /// What getrusage has beyond the counts: see `CountTests`.
    @Test(arguments: ways, [[], ["--no-outcome"]])
    func `totals are getrusage's`(way: Way, options: [String]) async throws {
        let counts = try await stat(way.options + options, ["write", "5000", "kernel", "700"]).whole
        let command = try #require(counts.command)
        let counted = command.minor_faults + command.major_faults
        #expect(counts.complete == true)
        #expect(counts.lost == 0)
        #expect(counts.total.faults >= 5700)
        #expect(counted - 8...counted ~= counts.total.faults, "getrusage \(counted), counted \(counts.total.faults)")
        #expect(counts.counted_in == (way.source == "perf_ring" ? "controller" : "kernel"))
    }

    @Test(arguments: ways)
    func `each of 997 fresh pages is counted`(way: Way) async throws {
        let counts = try await stat(way.options + Base.range(Base.write), ["write", "997", "read", "10"]).whole
        #expect(counts.total.faults == 997)
        #expect(counts.total.minor == 997)
        #expect(counts.rows.map(\.faults) == [997])
        #expect(counts.rows[0].user == 997)
        #expect(counts.rows[0].name == "faults")
    }

    @Test(arguments: ways)
    func `every latency is in the histogram, and in its slot`(way: Way) async throws {
        let counts = try await stat(way.options + Base.range(Base.write), ["write", "3001"]).whole
        #expect(counts.histogram.reduce(0) { $0 + $1.faults } == 3001)
        #expect(counts.rows[0].histogram.reduce(0) { $0 + $1.faults } == 3001)
        let least = counts.histogram.reduce(0) { $0 + $1.faults * $1.from_ns }
        let most = counts.histogram.reduce(0) { $0 + $1.faults * $1.to_ns }
        #expect(least...most ~= (try #require(counts.total.fault_time_ns)))
    }

    @Test(arguments: ways)
    func `faults that fail are counted as such`(way: Way) async throws {
        let counts = try await stat(way.options + Base.range(Base.segv), ["segv", "7"]).whole
        #expect(counts.total.faults == 7)
        #expect(counts.total.failed == 7)
    }

    @Test(arguments: ways)
    func `by process and by thread`(way: Way) async throws {
        for key in ["process", "thread"] {
            let options = way.options + ["--by", key] + Base.range(Base.write)
            let counts = try await stat(options, ["fork", "20", "write", "50"]).whole
            #expect(counts.rows.map(\.faults) == Array(repeating: 50, count: 20))
            #expect(Set(counts.rows.map(\.pid)).count == 20)
            #expect(counts.rows.allSatisfy { $0.tid == (key == "thread" ? $0.pid : nil) })
        }
    }

    @Test(arguments: ways)
    func `by mapping and by cause`(way: Way) async throws {
        let shared = try await stat(way.options + ["--by", "mapping"] + Base.range(Base.shared), ["shared", "301"]).whole
        #expect(shared.rows.map(\.faults) == [301])
        #expect(shared.rows[0].name?.isEmpty == false)
        let read = try await stat(way.options + ["--by", "mapping"] + Base.range(Base.read), ["read", "202"]).whole
        #expect(read.row("[anon]") == 202)
        let causes = try await stat(way.options + ["--by", "cause"] + Base.range(Base.shared), ["shared", "301"]).whole
        #expect(causes.row("shared_memory") == 301)
        #expect(causes.counted_in == "controller")
    }

    @Test(arguments: Device.ways)
    func `what finds no room among the counts is lost, and counted`(way: Way) async throws {
        let options = way.options + ["--buffer", "4K", "--by", "thread"] + Base.range(Base.write)
        let counts = try await stat(options, ["fork", "60", "write", "50"]).whole
        #expect(counts.lost > 0, "there was room for all")
        #expect(counts.total.faults > 0)
        #expect(counts.total.faults + counts.lost == 3000)
        #expect(counts.complete == true)
    }

    @Test(arguments: ways)
    func `what a rate limit holds back is counted beside the rest`(way: Way) async throws {
        let options = way.options + ["--rate-limit", "100"] + Base.range(Base.write)
        let counts = try await stat(options, ["write", "5000"]).whole
        #expect(counts.total.faults < 5000)
        #expect(counts.total.faults + (counts.held_back ?? 0) == 5000)
        #expect(counts.lost == 0)
    }

    @Test(arguments: ways)
    func `a thread goes by its last name`(way: Way) async throws {
        let counts = try await stat(way.options + ["--by", "thread"], ["write", "100", "name", "7", "write", "10"]).whole
        #expect(counts.rows.map(\.name) == ["faults-7"])
    }

    @Test(arguments: ways)
    func `intervals add up to the whole`(way: Way) async throws {
        let phases = (0..<5).flatMap { _ in ["again", "1000", "sleep", "150"] }
        let (intervals, whole) = try await stat(way.options + ["--interval", "100ms"] + Base.range(Base.again), phases)
        #expect(intervals.count >= 5)
        #expect(whole.total.faults == 5000)
        #expect(intervals.reduce(0) { $0 + $1.total.faults } == 5000)
        #expect(intervals.count { $0.total.faults > 0 } >= 3, "all at once")
        #expect(intervals.reduce(0) { $0 + ($1.total.cpu_time_ns ?? 0) } == whole.total.cpu_time_ns)
    }

    /// More rows than there is room for at once: those of a round that is over make room for others.
    @Test func `the faults of 2000 short processes`() async throws {
        let room = ["--buffer", "\(ProcessInfo.processInfo.activeProcessorCount * 256)K"]
        let script = "for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do \(Device.workload) fork 100 write 3; sleep 0.04; done"
        let counts = try await stat(Device.best.options + room + Base.range(Base.write), command: ["sh", "-c", script]).whole
        #expect(counts.lost == 0)
        #expect(counts.total.faults == 6000)
        #expect(counts.rows.count >= 1990, "numbers may be used twice")
    }

    @Test func `a trace tells the CPU time, too`() async throws {
        let run = try await Tool.trace(Device.best.options, ["again", "20000"])
        let process = try #require(run.summary?.by_process.first)
        let cpu = try #require(process.cpu_time_ns)
        #expect(!process.cpu_time_is_lower_bound)
        #expect(process.minor_fault_time_ns > 0)
        #expect(cpu > process.minor_fault_time_ns / 2)
    }

    /// It has one thread, which cannot run for longer than the trace lasts.
    @Test(.enabled(if: Device.isThisMachine))
    func `what a process ran before the trace is not told`() async throws {
        let counting = "\(Device.faultline) stat --local --json --pid $busy --duration 1s"
        let script = "\(Device.workload) again 1000000000 & busy=$!; sleep 3; \(counting); kill $busy"
        let output = try await Tool.run("/bin/sh", ["-c", script])
        let whole = try JSONDecoder().decode(Counts.self, from: Data(output.text.utf8))
        let cpu = try #require(whole.rows.first?.cpu_time_ns)
        #expect(cpu > whole.duration_ns / 8 && cpu < whole.duration_ns * 5 / 4, "\(cpu) ns of \(whole.duration_ns)")
    }

    @Test(arguments: ways)
    func `the command's CPU time is known, and its faults took part of it`(way: Way) async throws {
        let counts = try await stat(way.options, ["again", "50000"]).whole
        let cpu = try #require(counts.rows.first?.cpu_time_ns)
        let faults = try #require(counts.total.fault_time_ns)
        #expect(cpu > faults / 2)
        #expect(cpu < counts.duration_ns * 4)
    }
}
