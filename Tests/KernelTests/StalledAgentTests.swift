import Testing

/// An agent whose processor is taken away for a while, as a busy host or a phone's scheduler does it, misses nothing: the kernel's
/// buffers keep what happens to memory for as long as they keep the faults.
@Suite(.serialized, .enabled(if: Device.isThisMachine)) struct StalledAgentTests {
    /// The command is the agent's child, and stops it for a tenth of a second ten times.
    private static let stalls = """
        agent=$PPID; (for i in 1 2 3 4 5 6 7 8 9 10; do kill -STOP $agent; sleep 0.1; kill -CONT $agent; sleep 0.1; done) & exec "$0" "$@"
        """

    private func trace(_ options: [String], _ phases: [String]) async throws -> Run {
        try await Tool.trace(options + ["--", "/bin/sh", "-c", Self.stalls, Device.workload] + phases)
    }

    @Test func `each fault is its process's, however short that lived`() async throws {
        let run = try await trace(["--mode", "user"] + Base.range(Base.write), ["fork", "2", "spawn", "1500"])
        #expect(run.summary?.lost == 0)
        let seen = run.events(at: Base.write)
        #expect(seen.count == 3000)
        let strangers = seen.filter { !$0.isAttributed }
        #expect(strangers.isEmpty, "\(strangers.count), such as \(String(describing: strangers.first))")
    }

    @Test func `mappings are told apart, however fast they come`() async throws {
        let run = try await trace([], ["many", "60000", "sleep", "100", "write", "500"])
        #expect(run.summary?.lost == 0)
        #expect(run.events(at: Base.many).count == 60000 && run.events(at: Base.write).count == 500)
        #expect(run.events(at: Base.many).allSatisfy { $0.mapping?.name == "[anon]" && $0.mapping?.region == "anonymous" })
        #expect(run.events(at: Base.write).allSatisfy { $0.mapping?.name == "[anon]" })
    }
}
