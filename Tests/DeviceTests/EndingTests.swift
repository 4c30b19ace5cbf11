import Foundation
import Subprocess
import Testing

/// However a trace ends, it says so in one sentence, and leaves nothing on the device.
@Suite(.serialized) struct EndingTests {
    /// A trace of a command that would run for a minute, which is meddled with when its first event is there.
    private func trace(_ name: String, _ meddle: @escaping @Sendable (pid_t) async throws -> Void) async throws -> Trace {
        try Trace(try await Lab.faultline(Lab.longTrace(on: name), meddle))
    }

    private func isCut(_ trace: Trace) {
        #expect(trace.status == 1)
        #expect(trace.errors.contains("was cut before the trace ended; what came before is shown"), "\(trace.errors)")
        #expect(trace.summary?.complete == false)
        #expect(trace.summary?.events == UInt64(trace.events.count))
    }

    @Test(arguments: ["plain", "magisk"])
    func `a Ctrl-C ends it in order`(name: String) async throws {
        try await leavingNothing(on: name) {
            let trace = try await trace(name) { kill($0, SIGINT) }
            #expect(trace.status == 0, "\(trace.errors)")
            #expect(trace.summary?.complete == true)
        }
    }

    @Test(arguments: [0, 150, 400, 800], ["plain", "magisk"])
    func `a Ctrl-C before it has begun leaves nothing either`(milliseconds: Int, name: String) async throws {
        try await leavingNothing(on: name) {
            let output = try await Lab.faultline(
                ["trace", "--device", Lab.serial(name), "--comm", "none-such"] + Lab.quickStart, fromFirstLine: false
            ) { process in
                try await Task.sleep(for: .milliseconds(milliseconds))
                kill(process, SIGINT)
            }
            // Where it came so early that no signal was caught yet, or so late that the trace had begun, it is the signal's or the trace's.
            #expect([130, 0].contains(output.status), "\(output.status): \(output.errors)")
        }
    }

    @Test(arguments: ["plain", "magisk"])
    func `a killed controller leaves nothing`(name: String) async throws {
        try await leavingNothing(on: name) {
            let trace = try await trace(name) { kill($0, SIGKILL) }
            #expect(trace.status == 137)
        }
    }

    /// Nobody is left then to end its command.
    @Test func `a killed agent is told`() async throws {
        try await leavingNothing(on: "magisk") {
            let line = "su -c 'kill -9 $(pidof faultline-agent) $(pidof faults)'"
            isCut(try await trace("magisk") { _ in try await Lab.shell("magisk", line) })
        }
    }

    @Test func `a removed forward is no end: what runs through it goes on`() async throws {
        try await leavingNothing(on: "plain") {
            let trace = try await trace("plain") { process in
                _ = try await Lab.run("adb", ["forward", "--remove-all"])
                try await Task.sleep(for: .milliseconds(500))
                kill(process, SIGINT)
            }
            #expect(trace.status == 0, "\(trace.errors)")
        }
    }

    @Test(arguments: ["plain", "magisk"])
    func `a pulled cable is told, and the device cleans up by itself`(name: String) async throws {
        try await leavingNothing(on: name) {
            isCut(try await trace(name) { _ in _ = try await Lab.run("adb", ["disconnect", Lab.serial(name)]) })
            try await Lab.awaitDevice(name)
        }
    }

    /// Something faults on the device all the while, also while nobody sees it.
    @Test func `a pulled cable is waited for where that is wanted, and the trace goes on`() async throws {
        let loop = "while [ -e /run/faulting ]; do \(Lab.workload) name 4711 write 100; sleep 0.3; done"
        try await leavingNothing(on: "plain") {
            try await Lab.shell("plain", "touch /run/faulting; setsid sh -c '\(loop)' </dev/null >/dev/null 2>&1 &")
            let options = ["trace", "--device", Lab.serial("plain"), "--format", "json", "--comm", "faults-4711", "--reconnect", "60s"]
            let output = try await Lab.faultline(options + Lab.quickStart) { process in
                _ = try await Lab.run("adb", ["disconnect", Lab.serial("plain")])
                try await Lab.awaitDevice("plain")
                try await Task.sleep(for: .seconds(12))
                kill(process, SIGINT)
            }
            try await Lab.shell("plain", "rm /run/faulting")
            #expect(output.status == 0 && output.errors.contains("the trace goes on"), "\(output.errors)")
            let trace = try Trace(output)
            let gap = try #require(trace.interruptions.first)
            #expect(trace.interruptions.count == 1 && trace.summary?.events == UInt64(trace.events.count))
            #expect(trace.events.contains { $0.time_ns <= gap.since_ns } && trace.events.contains { $0.time_ns >= gap.until_ns })
        }
    }

    @Test func `a killed adbd is told, and nothing stays`() async throws {
        try await leavingNothing(on: "plain") {
            isCut(try await trace("plain") { _ in try await Lab.shell("plain", "kill -9 $PPID") })
            try await Lab.awaitDevice("plain")
        }
    }

    @Test func `a killed adb server is told`() async throws {
        try await leavingNothing(on: "plain") {
            isCut(try await trace("plain") { _ in _ = try await Lab.run("adb", ["kill-server"]) })
            for name in ["plain", "magisk", "aosp", "root-only", "unrooted", "denying", "silent", "full", "readonly", "noexec"] {
                try await Lab.awaitDevice(name)
            }
        }
    }

    @Test func `a forward that nobody answers behind is told`() async throws {
        let forward = try await Lab.run("adb", ["-s", Lab.serial("plain"), "forward", "tcp:0", "tcp:1"])
        let port = forward.text.trimmingCharacters(in: .whitespacesAndNewlines)
        let output = try await Lab.faultline(
            ["trace", "--connect", "127.0.0.1:\(port)"], environment: .inherit.updating(["FAULTLINE_TOKEN": "x"]))
        _ = try await Lab.run("adb", ["-s", Lab.serial("plain"), "forward", "--remove", "tcp:\(port)"])
        #expect(output.status == 1)
        #expect(output.errors.contains("closed before the trace began"), "\(output.errors)")
    }
}
