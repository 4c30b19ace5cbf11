import Subprocess
#if canImport(System)
import System
#else
import SystemPackage
#endif

/// An agent that runs on a device for one conversation.
public struct DeviceAgent: Sendable {
    private let device: Device
    private let keepsFile: Bool
    private let note: @Sendable (String) -> Void

    /// - Parameters:
    ///   - keepsFile: whether the agent's file stays on the device.
    ///   - note: told in a sentence what is worth knowing.
    public init(_ device: Device, keepsFile: Bool = false, note: @escaping @Sendable (String) -> Void) {
        self.device = device
        self.keepsFile = keepsFile
        self.note = note
    }

    /// Brings the agent to the device if it is not there, starts it as root, runs `body` with the place on this machine
    /// where it can be reached, and leaves nothing behind: no forward, no agent, no file.
    ///
    /// What a command prints that the agent runs goes to our standard error. A cancellation reaches `body`; what was begun
    /// on the device is cleaned up all the same.
    ///
    /// - Throws: `DeviceError`, `LinkError`, and what `body` throws.
    public func run<Result: Sendable>(
        _ body: @escaping @Sendable (AgentEndpoint) async throws -> Result
    ) async throws -> Result {
        let delivery = AgentDelivery(device: device, file: try AgentFile(for: device.profile))
        return try await uncancelled { cancellation in
            try await delivery.inFirstFolder(note) { folder in
                try await AgentShell(device: device, script: AgentScript(folder: folder, keepsFile: keepsFile)).run { endpoint in
                    try await cancellation.reaching { try await body(endpoint) }
                }
            }
        }
    }
}
