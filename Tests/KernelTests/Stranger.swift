import Foundation
import WireProtocol

/// A connection that keeps to no protocol.
final class Stranger: Sendable {
    private let socket: Int32

    /// - Parameter address: `127.0.0.1:PORT`.
    init(_ address: String) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = inet_addr("127.0.0.1")
        name.sin_port = UInt16(address.split(separator: ":").last ?? "")!.bigEndian
        let result = withUnsafePointer(to: name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    }

    deinit { close(socket) }

    func send(_ bytes: [UInt8]) { _ = Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
    func send(_ message: HostMessage) { send(message.encoded()) }

    /// The next message; nil: the agent has closed, or is silent for as long.
    func answer(within seconds: Int = 10) throws -> AgentMessage? {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var decoder = FrameDecoder()
        var byte: UInt8 = 0
        while recv(socket, &byte, 1, 0) == 1 {
            withUnsafeBytes(of: byte) { decoder.append($0) }
            if let frame = try decoder.next(), let message = try AgentMessage(frame) { return message }
        }
        return nil
    }

    /// What the agent refuses with.
    func refusal(within seconds: Int = 10) throws -> AgentError? {
        if case .error(let error)? = try answer(within: seconds) { error } else { nil }
    }
}
