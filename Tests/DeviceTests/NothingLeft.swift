import Testing

/// Runs `body` on a device, and then expects that nothing of it has stayed: no forward, no agent, no file, no shell, no command.
func leavingNothing(on name: String, _ body: () async throws -> Void) async throws {
    try await body()
    var left = try await leftovers(name)
    for _ in 0..<50 where !left.isEmpty {
        try await Task.sleep(for: .milliseconds(200))
        left = try await leftovers(name)
    }
    #expect(left.isEmpty, "left on \(name): \(left)")
}

func leftovers(_ name: String) async throws -> [String] {
    let forwards = try await Lab.run("adb", ["forward", "--list"]).text
    // Brackets, so that the line does not find itself.
    let found = try await Lab.shell(
        name,
        """
        ls /data/local/tmp/faultline* /dev/shm/faultline* /tmp/faultline* /mnt/faultline* /dev/faultline* 2>/dev/null
        ps -o pid,args | grep -E '[f]aultline-agent|[p]ayload/faults'
        """)
    return (forwards + found.text).split(whereSeparator: \.isNewline).map(String.init)
}
