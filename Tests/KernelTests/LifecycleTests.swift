import FaultModel
import Foundation
import Subprocess
import SystemPackage
import Testing
import WireProtocol

/// However a trace ends, it leaves nothing behind, and says in one sentence what happened.
@Suite(.serialized) struct LifecycleTests {
    /// Runs `body` and then expects that no BPF program has stayed loaded and no agent running.
    private func leavingNothing(_ body: () async throws -> Void) async throws {
        let before = try await loadedPrograms()
        try await body()
        var left: Set<String> = ["?"]
        for _ in 0..<50 where !left.isEmpty {
            left = try await loadedPrograms().subtracting(before)
            if !left.isEmpty { try await Task.sleep(for: .milliseconds(100)) }
        }
        #expect(left.isEmpty, "programs \(left) are still loaded")
    }

    private func sentence(_ errors: String, _ part: String) {
        #expect(errors.contains(part), "\(errors)")
        #expect(!errors.contains("Fatal error"))
    }

    // MARK: Orderly ends

    @Test(arguments: [Signal.interrupt, .terminate])
    func `a signal ends the trace in order`(signal: Signal) async throws {
        try await leavingNothing {
            let run = try await Controller.run(["--format", "json", "--pid", "1"]) { process in
                try await Task.sleep(for: .seconds(1))
                try process.send(signal: signal)
            }
            #expect(run.status == 0)
            #expect(run.summary?.complete == true)
            sentence(run.errors, "page faults in")
        }
    }

    @Test func `a duration ends the trace`() async throws {
        try await leavingNothing {
            let run = try await Tool.trace(["--duration", "300ms", "--comm", "none-such"])
            #expect(run.status == 0)
            #expect(run.summary?.events == 0)
            #expect((run.summary?.duration_ns ?? 0) >= 290_000_000, "what the agent's start took is no part of it")
        }
    }

    @Test func `the command is ended with the trace`() async throws {
        try await leavingNothing {
            let run = try await Tool.trace(["--duration", "300ms"], ["name", "77", "sleep", "60000"])
            #expect(run.status == 0)
            let names = try await Tool.run("/bin/ps", ["-eo", "comm"])
            #expect(!names.text.contains("faults-77"))
        }
    }

    @Test func `a reader that has seen enough ends the trace`() async throws {
        try await leavingNothing {
            let line = "\(Device.faultline) trace --local --format json -- \(Device.workload) again 300000 | head -n 3"
            let run = try await Tool.run("/bin/sh", ["-c", line])
            #expect(run.text.split(separator: "\n").count == 3)
            sentence(run.errors, "page faults in")
        }
    }

    // MARK: Deaths

    @Test func `the agent ends when its controller is killed`() async throws {
        try await leavingNothing {
            let run = try await Controller.run(["--format", "json", "--comm", "none-such"]) { process in
                try await Task.sleep(for: .milliseconds(700))
                try process.send(signal: .kill)
            }
            #expect(run.status == 137)
        }
    }

    @Test func `the controller says so when its agent is killed`() async throws {
        try await leavingNothing {
            let run = try await Controller.run(["--format", "json", "--comm", "none-such"]) { process in
                try await Task.sleep(for: .milliseconds(700))
                _ = try await Tool.run("/usr/bin/pkill", ["-9", "-P", "\(process.processIdentifier.value)", "faultline"])
            }
            #expect(run.status == 1)
            sentence(run.errors, "was cut before the trace ended")
        }
    }

    // MARK: What cannot be

    @Test func `a full disk is told`() async throws {
        try await leavingNothing {
            let line = "\(Device.faultline) trace --local --format csv -- \(Device.workload) write 5000 > /dev/full"
            let run = try await Tool.run("/bin/sh", ["-c", line])
            #expect(run.status == 1)
            sentence(run.errors, "cannot write the output")
        }
    }

    @Test func `a command that is not there is told`() async throws {
        try await leavingNothing {
            let run = try await Tool.trace(["--", "/no/such/program"])
            #expect(run.status == 1)
            sentence(run.errors, "cannot run /no/such/program: ENOENT")
        }
    }

    @Test func `a filter that the source cannot apply is refused`() async throws {
        let run = try await Tool.trace(["--source", "perf_bpf", "--access", "write", "--duration", "1s"])
        #expect(run.status == 1)
        sentence(run.errors, "perf_bpf does not tell access here: the software event does not tell it")
        sentence(run.errors, "leave that filter out or choose another source")
    }

    @Test func `a filter that no source can apply is refused with each one's reason`() async throws {
        var filter = FaultFilter()
        filter.outcomes = [.major]
        let messages = try await Agent.messages(Start(wantsOutcome: false, filter: filter))
        guard case .error(let error)? = messages.first else {
            Issue.record("it was not refused")
            return
        }
        #expect(error.code == .badFilter)
        #expect(error.text.contains("tracepoint does not tell outcome here: left out, as asked; "))
        #expect(error.text.contains("leave that filter out, or see with faultline preflight"))
    }

    @Test(arguments: [
        ["--no-such-flag"], ["--source", "nonsense"], ["--sample", "0"], ["--address", "9-1"], ["--duration", "1"],
        ["--connect", "nowhere"], ["--pid", "1", "--exclude-pid", "1"],
    ])
    func `wrong usage is 2`(options: [String]) async throws {
        let run = try await Tool.run(Device.faultline, ["trace", "--local"] + options)
        #expect(run.status == 2)
        #expect(run.text.isEmpty)
        #expect(!run.errors.isEmpty)
    }

    @Test func `without root it is said what is missing`() async throws {
        let tools = try await Tool.run(
            "/usr/bin/setpriv",
            ["--reuid", "65534", "--regid", "65534", "--clear-groups", "--no-new-privs", Device.faultline, "preflight", "--local"])
        #expect(tools.status == 1)
        #expect(tools.text.hasPrefix("blocked:"))
        sentence(tools.text, "CAP_")
    }

    // MARK: Other controllers

    @Test func `a wrong token is refused`() async throws {
        try await leavingNothing {
            try await Agent.serving { address in
                let run = try await Tool.run(
                    Device.faultline, ["preflight", "--connect", address],
                    environment: .inherit.updating(["FAULTLINE_TOKEN": "guess"]))
                #expect(run.status == 1)
                sentence(run.errors, "the token is wrong")
            }
        }
    }

    @Test func `a dead port is told`() async throws {
        let run = try await Tool.run(
            Device.faultline, ["trace", "--connect", "127.0.0.1:1"],
            environment: .inherit.updating(["FAULTLINE_TOKEN": "x"]))
        #expect(run.status == 1)
        sentence(run.errors, "cannot reach an agent at 127.0.0.1:1: Connection refused")
    }

    @Test func `a port in use is told`() async throws {
        try await Agent.serving { address in
            let run = try await Tool.run(Agent.path, ["serve", "--listen", address])
            #expect(run.status == 1)
            sentence(run.errors, "EADDRINUSE")
        }
    }
}

extension LifecycleTests {
    /// The reader pauses for longer than either side's patience: who does not read is slow, and not gone.
    @Test func `a reader that pauses gets everything`() async throws {
        let line = "\(Device.faultline) trace --local --format json -- \(Device.workload) again 300000 | (sleep 12; tail -n 1)"
        let run = try await Tool.run("/bin/sh", ["-c", line])
        #expect(run.errors.contains("page faults in"), "\(run.errors)")
        let summary = try #require(try Tool.parsed(run).summary)
        #expect(summary.complete)
        #expect(summary.events + summary.lost >= 300_000)
    }
}
