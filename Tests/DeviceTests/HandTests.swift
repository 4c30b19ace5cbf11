import Foundation
import Subprocess
import Testing

/// `faultline agent`: the agent by hand.
@Suite(.serialized) struct HandTests {
    private func agent(_ words: String...) async throws -> Lab.Output {
        try await Lab.faultline(["agent", words[0], "--device", Lab.serial("magisk")] + words.dropFirst())
    }

    @Test func `it is brought, started, traced through and ended`() async throws {
        try await leavingNothing(on: "magisk") {
            #expect(try await agent("push").text == "/data/local/tmp/faultline-agent\n")
            let brought = try await agent("status").text
            #expect(brought.contains("faultline-agent (this version)") && brought.contains("runs     no"), "\(brought)")
            let (token, place) = try await start()
            let running = try await agent("status").text
            #expect(running.contains("runs     process") && running.contains("reached  \(place)"), "\(running)")
            let trace = try Trace(
                try await Lab.faultline(
                    ["trace", "--connect", place, "--format", "json"] + Lab.quickStart + ["--", Lab.workload, "write", "997"],
                    environment: .inherit.updating(["FAULTLINE_TOKEN": token])))
            #expect(trace.status == 0 && trace.written.count == 997, "\(trace.errors)")
            #expect(try await agent("stop").status == 0)
        }
    }

    @Test func `a second controller is told that the first one is there`() async throws {
        try await leavingNothing(on: "magisk") {
            let (token, place) = try await start()
            let environment = Environment.inherit.updating(["FAULTLINE_TOKEN": token])
            async let first = Lab.faultline(
                ["trace", "--connect", place, "--quiet", "--duration", "3s"] + Lab.quickStart, environment: environment)
            try await Task.sleep(for: .seconds(1))
            let second = try await Lab.faultline(["trace", "--connect", place, "--quiet"], environment: environment)
            #expect(second.status == 1)
            #expect(second.errors.contains("the agent serves another controller"), "\(second.errors)")
            #expect(try await first.status == 0)
            _ = try await agent("stop")
        }
    }

    @Test func `two traces at a time have an agent each`() async throws {
        try await leavingNothing(on: "magisk") {
            async let first = Trace.pages(997, on: "magisk", Lab.quickStart)
            async let second = Trace.pages(499, on: "magisk", Lab.quickStart)
            let counts = try await (first.written.count, second.written.count)
            #expect(counts == (997, 499))
        }
    }

    @Test func `a port that is taken is told`() async throws {
        try await leavingNothing(on: "magisk") {
            _ = try await start()
            let again = try await agent("start")
            #expect(again.status == 1)
            #expect(again.errors.contains("port 47474 of device \(Lab.serial("magisk")) is taken"), "\(again.errors)")
            let stopped = try await agent("stop")
            #expect(stopped.text.hasPrefix("ended "))
            #expect(try await agent("stop").text == "no agent was running\n")
        }
    }

    /// Of `FAULTLINE_TOKEN=… faultline trace --connect …`.
    private func start() async throws -> (token: String, place: String) {
        let output = try await agent("start")
        let line = try #require(output.text.firstMatch(of: /FAULTLINE_TOKEN=([0-9a-f]+) faultline trace --connect (\S+)/), "\(output.errors)")
        return (String(line.1), String(line.2))
    }
}
