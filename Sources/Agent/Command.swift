import CLinux
import WireProtocol

/// The program that a trace was started for. The trace is on before it is born, so its first fault is seen.
struct Command {
    let pid: pid_t

    /// Runs it with the agent's standard input; its output goes to the agent's standard error.
    init(_ start: Start) throws(AgentError) {
        var pid: pid_t = 0
        let result = withCStrings(start.command) { linux_spawn($0, &pid) }
        guard result == 0 else {
            let reason = String(cString: linux_error_name(-result))
            throw AgentError(.commandFailed, "cannot run \(start.command[0]): \(reason); check its path on the target")
        }
        self.pid = pid
    }

    /// How it ended, or nil while it runs. Its CPU clock goes with that.
    func ended() -> CommandEnded? {
        var end = linux_child_end()
        guard linux_reap(pid, &end) == 1 else { return nil }
        return CommandEnded(status: end.status, minorFaults: end.minor_faults, majorFaults: end.major_faults)
    }

    /// Ends it, if it still runs.
    func end() { linux_end_child(pid) }
}

/// A null-terminated vector of C strings, good during the call.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
    for (place, string) in strings.enumerated() { vector[place] = copied(string) }
    vector[strings.count] = nil
    defer {
        for place in strings.indices { vector[place]?.deallocate() }
        vector.deallocate()
    }
    return body(vector)
}

private func copied(_ string: String) -> UnsafeMutablePointer<CChar> {
    let utf8 = string.utf8
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: utf8.count + 1)
    for (place, byte) in utf8.enumerated() { copy[place] = CChar(bitPattern: byte) }
    copy[utf8.count] = 0
    return copy
}
