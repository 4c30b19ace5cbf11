import Foundation
import Subprocess
import SystemPackage
import Testing

/// A trace that outlives its agent has every fault but those of the time between, which it tells.
@Suite(.serialized, .enabled(if: Device.isThisMachine)) struct ReconnectTests {
    private let pages = 997
    private let folder = FileManager.default.temporaryDirectory.appending(path: "faultline-\(UInt64.random(in: 0...UInt64.max))")
    private let token = "the right one"
    private let port = Int.random(in: 20_000..<30_000)

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private var path: String { folder.appending(path: "a.flt").path }
    private func removeAll() { try? FileManager.default.removeItem(at: folder) }

    /// A process of this name alone is traced.
    private let name = ["--comm", "faults-4711"]

    private func work() async throws {
        let output = try await Tool.run(Device.workload, ["name", "4711", "write", "\(pages)"])
        #expect(output.status == 0)
        try await Task.sleep(for: .milliseconds(700))
    }

    private func killAgents(of parent: pid_t) async throws {
        let output = try await Tool.run("/usr/bin/pkill", ["-9", "-P", "\(parent)", "faultline"])
        #expect(output.status == 0, "there was no agent to kill")
    }

    /// Traces while `body` meddles.
    private func trace(_ options: [String], _ body: @escaping @Sendable (pid_t) async throws -> Void) async throws -> Run {
        let (output, errors) = (try ScratchFile(), try ScratchFile())
        let result = try await Subprocess.run(
            .path(FilePath(Device.faultline)), arguments: Arguments(["trace", "--format", "json", "--no-symbols"] + name + options),
            environment: .inherit.updating(["FAULTLINE_TOKEN": token]), input: .none,
            output: .fileDescriptor(output.descriptor, closeAfterSpawningProcess: false),
            error: .fileDescriptor(errors.descriptor, closeAfterSpawningProcess: false)
        ) { try await body($0.processIdentifier.value) }
        let (text, said) = (try output.text(), try errors.text())
        try text.write(to: folder.appending(path: "a.json"), atomically: true, encoding: .utf8)
        return try Tool.parsed(Tool.Output(status: result.terminationStatus.shellStatus, text: text, errors: said))
    }

    /// Runs `body` beside agents that follow each other at one address.
    private func withAgents(_ body: @escaping @Sendable (pid_t) async throws -> Void) async throws {
        let line = "trap 'kill $agent; exit' TERM; while true; do \(Agent.path) serve --listen 127.0.0.1:\(port) & agent=$!; wait $agent; sleep 0.2; done"
        _ = try await Subprocess.run(
            .path("/bin/bash"), arguments: ["-c", line], environment: .inherit.updating(["FAULTLINE_TOKEN": token]), input: .none,
            output: .discarded, error: .discarded
        ) { supervisor in
            try await body(supervisor.processIdentifier.value)
            try supervisor.send(signal: .terminate)
        }
    }

    /// Both lives of the trace have the workload's pages, each once, and nothing lies in between.
    private func isWhole(_ run: Run) throws {
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("was cut; waiting 20.0 s for it to come back") && run.errors.contains("the trace goes on"), "\(run.errors)")
        let gap = try #require(run.interruptions.first)
        #expect(run.interruptions.count == 1 && run.gaps.isEmpty && gap.since_ns < gap.until_ns)
        let (before, after) = (run.events.filter { $0.time_ns <= gap.since_ns }, run.events.filter { $0.time_ns >= gap.until_ns })
        #expect(before.count + after.count == run.events.count)
        for part in [before, after] {
            let written = part.filter { $0.mapping?.region == "anonymous" && $0.access != "read" }
            #expect(Set(written.map(\.page)).count >= pages && written.count < pages + 50, "\(written.count)")
        }
        let summary = try #require(run.summary)
        #expect(summary.events == UInt64(run.events.count) && summary.lost == 0 && !summary.complete)
        #expect(summary.duration_ns > gap.until_ns - gap.since_ns)
    }

    /// The recording is the trace.
    private func isRecorded(_ run: Run) async throws {
        let exported = try await Tool.run(Device.faultline, ["export", path, "--to", "json", "--output", "-"])
        let traced = try String(contentsOf: folder.appending(path: "a.json"), encoding: .utf8)
        #expect(exported.status == 0 && exported.text == traced, "\(exported.errors)")
        let report = try await Tool.run(Device.faultline, ["report", path])
        #expect(report.status == 0 && report.text.contains("the connection was lost once"), "\(report.text)")
    }

    @Test func `an agent of this machine is followed by another`() async throws {
        defer { removeAll() }
        let run = try await trace(["--local", "--reconnect", "20s", "--output", path]) { controller in
            try await Task.sleep(for: .seconds(2))
            try await work()
            try await killAgents(of: controller)
            try await Task.sleep(for: .seconds(4))
            try await work()
            kill(controller, SIGINT)
        }
        try isWhole(run)
        try await isRecorded(run)
    }

    @Test func `an agent at the same address is gone on with`() async throws {
        defer { removeAll() }
        try await withAgents { supervisor in
            try await Task.sleep(for: .seconds(1))
            let run = try await trace(["--connect", "127.0.0.1:\(port)", "--reconnect", "20s", "--output", path]) { controller in
                try await Task.sleep(for: .seconds(2))
                try await work()
                try await killAgents(of: supervisor)
                try await Task.sleep(for: .seconds(4))
                try await work()
                kill(controller, SIGINT)
            }
            try isWhole(run)
            try await isRecorded(run)
        }
    }

    @Test func `nobody is waited for longer than was asked`() async throws {
        defer { removeAll() }
        let began = ContinuousClock.now
        try await withAgents { supervisor in
            try await Task.sleep(for: .seconds(1))
            let run = try await trace(["--connect", "127.0.0.1:\(port)", "--reconnect", "2s", "--output", path]) { controller in
                try await Task.sleep(for: .seconds(2))
                try await work()
                kill(supervisor, SIGSTOP)
                try await killAgents(of: supervisor)
            }
            kill(supervisor, SIGCONT)
            #expect(run.status == 1 && run.errors.contains("cannot reach an agent"), "\(run.errors)")
            #expect(run.interruptions.isEmpty && run.summary?.complete == false && run.events.count >= pages)
        }
        #expect(ContinuousClock.now - began < .seconds(20))
    }

    @Test func `a Ctrl-C ends the waiting`() async throws {
        defer { removeAll() }
        try await withAgents { supervisor in
            try await Task.sleep(for: .seconds(1))
            let run = try await trace(["--connect", "127.0.0.1:\(port)", "--reconnect", "10m"]) { controller in
                try await Task.sleep(for: .seconds(2))
                kill(supervisor, SIGSTOP)
                try await killAgents(of: supervisor)
                try await Task.sleep(for: .seconds(1))
                kill(controller, SIGINT)
            }
            kill(supervisor, SIGCONT)
            #expect(run.status == 1 && run.errors.contains("cannot reach an agent"), "\(run.errors)")
            #expect(run.summary?.complete == false)
        }
    }
}
