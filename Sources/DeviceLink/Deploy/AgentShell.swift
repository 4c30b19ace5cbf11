import Subprocess
#if canImport(System)
import System
#else
import SystemPackage
#endif

/// The device's shell that runs the agent, from our side.
struct AgentShell: Sendable {
    let device: Device
    let script: AgentScript

    /// Root managers may ask once more; the agent itself takes a moment.
    private static let patience = Duration.seconds(20)
    /// The shell gives the agent two seconds to end.
    private static let lastPatience = Duration.seconds(5)

    /// Runs the agent, and `body` with the place on this machine where it can be reached.
    ///
    /// - Throws: `Refusal` where it cannot be run in its folder.
    func run<Result: Sendable>(_ body: @escaping @Sendable (AgentEndpoint) async throws -> Result) async throws -> Result {
        let token = AgentEndpoint.makeToken()
        let line = device.root.way.wrap(script.attended)
        let patience = Patience()
        defer { patience.end() }
        return try await Subprocess.run(
            device.adb.adb.executable, arguments: ["-s", device.serial, "shell", line], platformOptions: .apart,
            input: .inputWriter, output: .sequence, error: .currentStandardError
        ) { execution in
            patience.begin(with: execution.processIdentifier.value, limit: Self.patience)
            _ = try? await execution.standardInputWriter.write(token + "\n")
            var lines = execution.standardOutput.strings().makeAsyncIterator()
            let answer = try await lines.next()
            patience.end()
            // An error is no error of the shell's, which still has to clean up.
            let result = await outcome { try await serve(answer, token, body) }
            try? await execution.standardInputWriter.finish()
            patience.begin(with: execution.processIdentifier.value, limit: Self.lastPatience)
            while let line = try await lines.next() { Self.show(line) }
            return result
        }.closureResult.get()
    }

    private func serve<Result: Sendable>(
        _ answer: String?, _ token: String, _ body: @escaping @Sendable (AgentEndpoint) async throws -> Result
    ) async throws -> Result {
        let port = try port(answer)
        return try await PortForward.run(device.adb, to: port) { local in
            try await body(AgentEndpoint(Endpoint(host: "127.0.0.1", port: local), token: token))
        }
    }

    /// `listening ADDRESS:PORT`, or `refused WORDS`.
    private func port(_ answer: String?) throws -> UInt16 {
        guard let answer else { throw DeviceError.agentFailed(serial: device.serial, reason: "it ends before it listens") }
        let words = Substring(answer).trimmed.split(separator: " ", maxSplits: 1)
        let rest = words.count > 1 ? String(words[1]) : ""
        if words.first == "refused" { throw Refusal(folder: script.folder, reason: rest.isEmpty ? "it cannot be run" : rest) }
        guard words.first == "listening", let place = Endpoint(rest) else {
            throw DeviceError.agentFailed(serial: device.serial, reason: "it says '\(answer)'")
        }
        return place.port
    }

    /// Where the device's shell has one stream for both, what a command prints comes here.
    private static func show(_ line: String) {
        _ = try? FileDescriptor.standardError.writeAll((line.hasSuffix("\n") ? line : line + "\n").utf8)
    }
}
