import Subprocess
#if canImport(System)
import System
#else
import SystemPackage
#endif

/// A local port that adb forwards to one of the device's.
enum PortForward {
    /// Makes the forward, runs `body` with the local port, and removes it.
    ///
    /// A shell does both and waits in between for its input to end. So the forward goes also when this program is killed.
    static func run<Result: Sendable>(
        _ device: ADBDevice, to port: UInt16, _ body: @escaping @Sendable (UInt16) async throws -> Result
    ) async throws -> Result {
        let patience = Patience()
        defer { patience.end() }
        return try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", keeper, device.adb.path, device.serial, "tcp:\(port)"],
            platformOptions: .apart, input: .inputWriter, output: .sequence, error: .discarded
        ) { execution in
            patience.begin(with: execution.processIdentifier.value, limit: ADB.patience)
            var lines = execution.standardOutput.strings().makeAsyncIterator()
            let answer = Substring(try await lines.next() ?? "").trimmed
            patience.end()
            // An error is no error of the shell's, which still has to remove the forward.
            let result = await outcome { try await body(try localPort(answer)) }
            try? await execution.standardInputWriter.finish()
            patience.begin(with: execution.processIdentifier.value, limit: ADB.patience)
            while try await lines.next() != nil {}
            return result
        }.closureResult.get()
    }

    /// Prints the port or adb's words.
    private static let keeper = """
        port=$("$0" -s "$1" forward tcp:0 "$2" 2>&1 | tail -n 1)
        echo "$port"
        case $port in *[!0-9]*|'') exit 1;; esac
        while read -r _; do :; done
        "$0" -s "$1" forward --remove "tcp:$port" >/dev/null 2>&1
        """

    private static func localPort(_ answer: Substring) throws(DeviceError) -> UInt16 {
        if let port = UInt16(answer) { return port }
        let reason = answer.isEmpty ? "it does not answer" : ShellResult(status: 1, output: String(answer)).reason
        throw .adbFailed("forward a port", reason: reason)
    }
}

/// What `body` returns or throws, to be looked at later.
func outcome<Success: Sendable>(_ body: () async throws -> Success) async -> Result<Success, any Error> {
    do {
        return .success(try await body())
    } catch {
        return .failure(error)
    }
}
