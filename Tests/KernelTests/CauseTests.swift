import Testing

/// Why there was a fault: where the source tells access and presence, each touch of the workload has one cause.
@Suite(.serialized) struct CauseTests {
    private static let causes: [(phase: String, base: UInt64, causes: Set<String?>)] = [
        ("write", Base.write, ["zero_fill"]), ("kernel", Base.kernel, ["zero_fill"]), ("cow", Base.cow, ["zero_fill", "copy_on_write"]),
        ("exec", Base.exec, ["file"]), ("warmfile", Base.warm, ["file"]), ("coldfile", Base.cold, ["file_read"]), ("segv", Base.segv, ["bad_access"]),
    ]

    /// With an exclusion, news of memory wait for events; causes must not suffer from that.
    @Test(.enabled(if: Device.tellsAccess), arguments: [[], ["--exclude-comm", "none-such"]])
    func `each touch has its cause, of children too`(options: [String]) async throws {
        let phases = ["in", Device.folder, "fork", "3"] + Self.causes.flatMap { [$0.phase, "29"] }
        let run = try await Tool.trace(Device.best.options + options, phases)
        #expect(run.status == 0, "\(run.errors)")
        for (phase, base, causes) in Self.causes where phase != "coldfile" {
            #expect(Set(run.events(at: base).map(\.cause)) == causes, "\(phase)")
        }
        // Of three children that read the same cold pages one is the first.
        let cold = Set(run.events(at: Base.cold).map(\.cause))
        #expect(cold.contains("file_read") && cold.isSubset(of: ["file_read", "file"]))
    }

    /// Its parent, its memory and its end are told by whichever CPUs it was on, and all before it is gone from sight.
    @Test(.enabled(if: Device.tellsAccess))
    func `a process that dies at once has its causes`() async throws {
        for _ in 0..<20 {
            let run = try await Tool.trace(Device.best.options + Base.range(Base.write), ["fork", "8", "write", "3"])
            #expect(run.events.map(\.cause) == Array(repeating: "zero_fill", count: 24))
        }
    }

    @Test func `without outcomes there are no causes, and it is said why`() async throws {
        let run = try await Tool.trace(["--no-outcome"], ["write", "29"])
        let columns = try #require(run.summary).columns
        #expect(Set(columns).isDisjoint(with: ["outcome", "latency_ns", "cause"]))
        #expect(run.events.allSatisfy { $0.outcome == nil && $0.latency_ns == nil && $0.cause == nil })
    }
}
