import Foundation
import Subprocess
import Testing

/// What the agent, what reads files for it, and the command may do.
@Suite(.serialized) struct RightsTests {
    private static let (kill, dacReadSearch, ipcLock, sysPtrace): (UInt64, UInt64, UInt64, UInt64) =
        (1 << 5, 1 << 2, 1 << 14, 1 << 19)
    private static let (syslog, perfmon, bpf, checkpointRestore): (UInt64, UInt64, UInt64, UInt64) = (1 << 34, 1 << 38, 1 << 39, 1 << 40)

    /// The lines of /proc/PID/status that tell.
    private struct Status {
        private var fields: [String: String] = [:]

        init(_ lines: some Sequence<Substring>) {
            for line in lines {
                let parts = line.split(separator: ":")
                if parts.count == 2 { fields[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces) }
            }
        }

        init(pid: String) throws {
            let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            self.init(text.split(separator: "\n"))
        }

        subscript(field: String) -> UInt64? { fields[field].flatMap { UInt64($0, radix: 16) } }
    }

    /// What the command of a trace reads: its agent's status, that of the agent's reader of files, and its own, each with a title.
    private static let asking = """
        sleep 1
        show() { echo "== $1"; grep -E '^(Cap|NoNewPrivs|Seccomp:)' "/proc/$2/status"; }
        show agent $PPID
        for child in $(cat /proc/$PPID/task/$PPID/children); do
            [ "$(cat /proc/$child/comm)" = faultline-names ] && show reader "$child"
        done
        show command self
        """

    private func statuses() async throws -> [String: Status] {
        let run = try await Tool.run(
            Device.faultline, ["trace", "--local", "--format", "json", "--", "/bin/sh", "-c", Self.asking])
        #expect(run.status == 0)
        return run.errors.split(separator: "== ").reduce(into: [:]) { statuses, part in
            let lines = part.split(separator: "\n")
            statuses[String(lines.first ?? "")] = Status(lines.dropFirst().prefix(7))
        }
    }

    @Test func `a trace runs with little more than it needs, and its command with all that is its own`() async throws {
        let own = try Status(pid: "self")
        let statuses = try await statuses()
        let (agent, reader, command) = (
            try #require(statuses["agent"]), try #require(statuses["reader"]), try #require(statuses["command"])
        )
        let tracing = Self.kill | Self.dacReadSearch | Self.ipcLock | Self.sysPtrace | Self.perfmon | Self.bpf
        for (status, most) in [(agent, tracing), (reader, Self.dacReadSearch | Self.sysPtrace | Self.syslog | Self.checkpointRestore)] {
            let kept = try #require(status["CapPrm"])
            #expect(kept & ~most == 0, "\(String(kept, radix: 16))")
            #expect(status["CapEff"] == kept)
            for field in ["CapInh", "CapAmb"] { #expect(status[field] == 0) }
            #expect(status["NoNewPrivs"] == 1)
            #expect(status["Seccomp"] == 2)
        }
        #expect(agent["CapBnd"] == 0)
        #expect(reader["CapBnd"] == reader["CapPrm"], "what begins anew has as much")
        for field in ["CapPrm", "CapEff", "CapBnd", "NoNewPrivs", "Seccomp"] { #expect(command[field] == own[field]) }
    }

    @Test func `the command does not learn the token`() async throws {
        let run = try await Tool.run(
            Device.faultline, ["trace", "--local", "--format", "json", "--", "/usr/bin/env"],
            environment: .inherit.updating(["FAULTLINE_TOKEN": "secret", "FAULTLINE_OTHER": "none"]))
        #expect(run.status == 0)
        #expect(!run.errors.contains("FAULTLINE_TOKEN"))
    }

    @Test func `an agent that waits for its controller uses none of its capabilities`() async throws {
        try await Agent.serving { _ in
            let pid = try await Tool.run("/usr/bin/pgrep", ["-n", "-x", "faultline-agent"])
            let status = try Status(pid: pid.text.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(status["CapEff"] == 0)
        }
    }

    @Test func `a command that became another user ends with its trace`() async throws {
        let run = try await Tool.run(
            Device.faultline,
            ["trace", "--local", "--format", "json", "--duration", "500ms", "--", "/usr/bin/setpriv", "--reuid", "65534", "/bin/sleep", "4321"])
        #expect(run.status == 0, "\(run.errors)")
        let left = try await Tool.run("/usr/bin/pgrep", ["-f", "sleep 4321"])
        #expect(left.text.isEmpty)
    }

    /// A container's: BPF programs see the kernel's own process ids, which are others there.
    @Test func `another PID namespace is told, and perf's ring serves it`() async throws {
        let inside = ["--pid", "--fork", "--mount-proc", Device.faultline]
        let preflight = try await Tool.run("/usr/bin/unshare", inside + ["preflight", "--local"])
        #expect(preflight.text.hasPrefix("limited: page faults through perf_ring"), "\(preflight.text)")
        #expect(preflight.text.contains("this is another PID namespace than the kernel's own"))
        let trace = try await Tool.run(
            "/usr/bin/unshare", inside + ["trace", "--local", "--format", "json", "--", Device.workload, "write", "97"])
        let run = try Tool.parsed(trace)
        #expect(run.events(at: Base.write).count == 97, "\(run.errors)")
        #expect(run.events(at: Base.write).allSatisfy { $0.process == "faults" })
    }
}
