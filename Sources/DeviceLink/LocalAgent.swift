import Subprocess
#if canImport(System)
import System
#else
import SystemPackage
#endif
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An agent that runs on this machine for one conversation.
public enum LocalAgent {
    /// Starts the agent, runs `body` with the place where it listens, and sees the agent out.
    ///
    /// The agent shares our standard input and error, because a command that it runs is the user's.
    public static func run<Result: Sendable>(
        _ body: @escaping @Sendable (AgentEndpoint) async throws -> Result
    ) async throws -> Result {
        let path = try AgentBinary.find(arch: AgentBinary.ownArchitecture)
        let token = AgentEndpoint.makeToken()
        let patience = Patience()
        defer { patience.end() }
        do {
            return try await Subprocess.run(
                .path(FilePath(path)), arguments: ["serve", "--listen", "127.0.0.1:0", "--parent", "\(getpid())"],
                environment: .inherit.updating(["FAULTLINE_TOKEN": token]),
                input: .currentStandardInput, output: .sequence, error: .currentStandardError
            ) { execution in
                // It ends by itself when its controller has gone.
                defer { patience.begin(with: execution.processIdentifier.value) }
                do {
                    return try await body(try await endpoint(execution.standardOutput.strings(), token))
                } catch {
                    try? execution.send(signal: .terminate)
                    throw error
                }
            }.closureResult
        } catch let error as SubprocessError {
            throw LinkError.cannotRun(path, reason: "\(error)")
        }
    }

    /// Reads `listening ADDRESS:PORT`, the agent's first line.
    private static func endpoint(
        _ lines: some AsyncSequence<String, any Error>, _ token: String
    ) async throws -> AgentEndpoint {
        for try await line in lines {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.first == "listening", let address = words.last,
                let place = Endpoint(address)
            {
                return AgentEndpoint(place, token: token)
            }
        }
        throw LinkError.agentEndedEarly
    }
}
