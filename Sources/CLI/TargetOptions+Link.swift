import DeviceLink
import WireProtocol

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// A target that cannot be meant.
enum TargetError: Error, CustomStringConvertible {
    case noToken
    case unreadableToken(String, Errno)

    var description: String {
        switch self {
        case .noToken: "the agent wants its token; put it into FAULTLINE_TOKEN or a file that --token-file names"
        case .unreadableToken(let path, let errno): "cannot read the token in \(path): \(errno); check the file"
        }
    }
}

extension TargetOptions {
    /// Whether the target is this machine, so that our own faults would be among those traced.
    var isThisMachine: Bool { target == .local }

    /// Runs `body` with a link to the target's agent, starting one if that is the way.
    ///
    /// - Parameters:
    ///   - wantsChecks: whether the agent shall run the preflight's checks first.
    ///   - reached: told which device of adb's it is, once that is known.
    func withAgent<Result: Sendable>(
        wantsChecks: Bool = false, reached: (Device) -> Void = { _ in },
        _ body: @escaping @Sendable (AgentLink, inout AgentMessages) async throws -> Result
    ) async throws -> Result {
        switch target {
        case .local: return try await LocalAgent.run { endpoint in try await AgentLink.open(to: endpoint, wantsChecks: wantsChecks, body) }
        case .device:
            let device = try await self.device.reach()
            reached(device)
            let agent = DeviceAgent(device, keepsFile: self.device.keep, note: DeviceOptions.note)
            return try await agent.run { endpoint in try await AgentLink.open(to: endpoint, wantsChecks: wantsChecks, body) }
        case .agent(let place, let tokenFile):
            let endpoint = AgentEndpoint(place, token: try Self.token(in: tokenFile))
            return try await AgentLink.open(to: endpoint, wantsChecks: wantsChecks, body)
        }
    }

    /// The file's first line, or FAULTLINE_TOKEN.
    private static func token(in path: String?) throws(TargetError) -> String {
        if let path { return try line(of: path) }
        guard let token = getenv("FAULTLINE_TOKEN") else { throw .noToken }
        return String(cString: token)
    }

    private static func line(of path: String) throws(TargetError) -> String {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            defer { try? file.close() }
            var bytes = [UInt8](repeating: 0, count: Open.tokenCap + 2)
            let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
            return String(decoding: bytes.prefix(count).prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
        } catch {
            throw .unreadableToken(path, error as? Errno ?? .ioError)
        }
    }
}
