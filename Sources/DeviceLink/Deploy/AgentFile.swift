import Crypto
#if canImport(System)
import System
#else
import SystemPackage
#endif

/// The agent's file on this machine.
public struct AgentFile: Equatable, Sendable {
    public let path: String
    /// SHA-256 in hexadecimal.
    public let digest: String

    /// The agent for a device's processor.
    ///
    /// - Throws: `DeviceError.noAgentFor`, `LinkError.noAgentBinary`, `LinkError.cannotRun` where it cannot be read.
    public init(for profile: DeviceProfile) throws {
        guard let architecture = profile.agentArchitecture else { throw DeviceError.noAgentFor(machine: profile.machine) }
        try self.init(path: try AgentBinary.find(arch: architecture))
    }

    init(path: String) throws {
        self.path = path
        do {
            digest = try Self.digest(of: path)
        } catch let errno as Errno {
            throw LinkError.cannotRun(path, reason: "\(errno)")
        }
    }

    private static func digest(of path: String) throws -> String {
        let file = try FileDescriptor.open(FilePath(path), .readOnly)
        defer { try? file.close() }
        var (hash, piece) = (SHA256(), [UInt8](repeating: 0, count: 1 << 20))
        while true {
            let count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
            if count == 0 { break }
            piece.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
