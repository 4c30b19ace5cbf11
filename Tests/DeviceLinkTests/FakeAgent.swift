import FaultModel
import NIOCore
import NIOPosix
import Synchronization
import WireProtocol

@testable import DeviceLink

/// Something that listens on a loopback port in an agent's place, and answers as the test says.
struct FakeAgent: Sendable {
    /// What it does when the first bytes have come.
    enum Reply: Sendable {
        case nothing
        case bytes([UInt8])
        case bytesThenClose([UInt8])
        /// Says this at once, unasked, and closes without having read anything.
        case dismissal([UInt8])
        /// Answers, and answers each `stop` and ends.
        case conversation([UInt8], onStop: [UInt8])
    }

    let endpoint: AgentEndpoint
    private let heard: Heard

    /// The whole messages that came.
    var messages: [HostMessage] { heard.messages }

    /// Listens while `body` runs.
    @discardableResult
    static func run<Result>(
        _ reply: Reply, _ body: (FakeAgent) async throws -> Result
    ) async throws -> Result {
        let heard = Heard()
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Replier(reply, heard))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let place = Endpoint(host: "127.0.0.1", port: UInt16(server.localAddress!.port!))
        do {
            let result = try await body(FakeAgent(endpoint: AgentEndpoint(place, token: "secret"), heard: heard))
            try await server.close()
            return result
        } catch {
            try await server.close()
            throw error
        }
    }

    /// A port where nobody listens; not one that was free a moment ago, which another test may have by now.
    static let nobody = AgentEndpoint(Endpoint(host: "127.0.0.1", port: 1), token: "secret")
}

/// What the controller said.
private final class Heard: Sendable {
    private let state = Mutex((decoder: FrameDecoder(), messages: [HostMessage]()))

    var messages: [HostMessage] { state.withLock { $0.messages } }

    /// Takes what came and returns the messages that are now whole.
    func take(_ bytes: ByteBuffer) -> [HostMessage] {
        state.withLock { state in
            bytes.withUnsafeReadableBytes { state.decoder.append($0) }
            var new: [HostMessage] = []
            while let frame = try? state.decoder.next(), let message = try? HostMessage(frame) { new.append(message) }
            state.messages += new
            return new
        }
    }
}

private final class Replier: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let reply: FakeAgent.Reply
    private let heard: Heard
    private var hasReplied = false

    init(_ reply: FakeAgent.Reply, _ heard: Heard) {
        self.reply = reply
        self.heard = heard
    }

    func channelActive(context: ChannelHandlerContext) {
        guard case .dismissal(let bytes) = reply else { return }
        write(bytes, context)
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let messages = heard.take(unwrapInboundIn(data))
        if !hasReplied { begin(context) }
        hasReplied = true
        if case .conversation(_, let ending) = reply, messages.contains(.stop) {
            write(ending, context)
            context.close(promise: nil)
        }
    }

    private func begin(_ context: ChannelHandlerContext) {
        switch reply {
        case .nothing, .dismissal: break
        case .bytes(let bytes), .conversation(let bytes, _): write(bytes, context)
        case .bytesThenClose(let bytes):
            write(bytes, context)
            context.close(promise: nil)
        }
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }
}

// MARK: What agents say

extension Hello {
    static let plain = Hello(
        agentVersion: "0.1", agentPid: 7, cpuCount: 8,
        report: PreflightReport(
            basis: .live, kernel: .init(release: "6.1", arch: "aarch64", pageSize: 4096),
            selinux: .init(mode: .disabled, domain: nil), sources: [], checks: []))
}

let helloBytes = AgentMessage.hello(.plain).encoded()

/// A frame made by hand.
func frame(length: UInt32? = nil, type: UInt16, _ payload: [UInt8] = []) -> [UInt8] {
    var writer = ByteWriter()
    writer.u32(length ?? UInt32(payload.count))
    writer.u16(type)
    writer.u16(0)
    return writer.bytes + payload
}
