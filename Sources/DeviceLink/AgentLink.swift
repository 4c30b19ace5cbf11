import NIOCore
import NIOPosix
public import WireProtocol

/// A conversation with an agent that knows us and said hello.
public struct AgentLink: Sendable {
    public let hello: Hello
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Runs `body` with a link to the agent, and closes it after.
    ///
    /// - Parameter wantsChecks: whether `hello` shall bear the preflight's checks.
    /// - Throws: `LinkError`, and what `body` throws.
    public static func open<Result: Sendable>(
        to endpoint: AgentEndpoint, wantsChecks: Bool = false,
        _ body: @Sendable (AgentLink, inout AgentMessages) async throws -> Result
    ) async throws -> Result {
        let hello = Open(token: endpoint.token, wantsChecks: wantsChecks)
        var limits = LinkLimits()
        // Every source is tried for real before hello, which takes a slow device a while.
        if wantsChecks { limits.silence = .seconds(60) }
        return try await open(to: endpoint.place, hello, limits: limits, body)
    }

    static func open<Result: Sendable>(
        to place: Endpoint, _ open: Open, limits: LinkLimits,
        _ body: @Sendable (AgentLink, inout AgentMessages) async throws -> Result
    ) async throws -> Result {
        let channel = try await connect(to: place, limits)
        return try await channel.executeThenClose { inbound, outbound in
            var messages = AgentMessages(inbound)
            // Whoever refuses us may have closed already: why is still there to be read.
            try? await outbound.write(ByteBuffer(bytes: HostMessage.open(open).encoded()))
            let link = AgentLink(hello: try await messages.hello(), outbound: outbound)
            return try await link.whileAlive(limits.aliveInterval) { try await body(link, &messages) }
        }
    }

    /// - Throws: `LinkError.cut`, `CancellationError`.
    public func send(_ message: HostMessage) async throws {
        do {
            try await outbound.write(ByteBuffer(bytes: message.encoded()))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw LinkError.cut
        }
    }

    // MARK: The connection

    private static func connect(
        to place: Endpoint, _ limits: LinkLimits
    ) async throws(LinkError) -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        do {
            return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(limits.connect)
                .connect(host: place.host, port: Int(place.port)) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers(
                            IdleStateHandler(readTimeout: limits.silence), SilenceHandler(limit: limits.silence))
                        return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw .cannotConnect(place, reason: ConnectionFailure(error).text)
        }
    }

    /// Tells the agent that we are still here, as long as `body` runs.
    private func whileAlive<Result: Sendable>(
        _ interval: Duration, _ body: () async throws -> Result
    ) async throws -> Result {
        let heart = Task {
            while !Task.isCancelled {
                try await Task.sleep(for: interval)
                try await send(.alive)
            }
        }
        defer { heart.cancel() }
        return try await body()
    }
}

/// How long things may take; a test is not so patient.
struct LinkLimits {
    var connect = TimeAmount.seconds(5)
    /// The agent speaks twice a second; this much silence means that it is gone.
    var silence = TimeAmount.seconds(10)
    var aliveInterval = Duration.seconds(2)
}

/// Turns a too long silence into an error of the connection. Where we do not read, because whoever takes our output is
/// slow, the silence is ours and not the agent's.
private final class SilenceHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    /// An agent that loads and tries out its programs says nothing meanwhile: what follows its hello may take three times the limit.
    /// Silence is looked at once each limit, and half of one is its own uncertainty.
    private static let startingHalves = 5

    private let limit: TimeAmount
    private var readCount = 0
    /// Since when we have been asking for bytes and got none; nil while we do not ask.
    private var askedAt: NIODeadline?

    init(limit: TimeAmount) { self.limit = limit }

    func read(context: ChannelHandlerContext) {
        if askedAt == nil { askedAt = .now() }
        context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        askedAt = nil
        readCount += 1
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else { return context.fireUserInboundEventTriggered(event) }
        // We asked a moment after the last bytes came, or have only just begun to ask again.
        guard let askedAt, (.now() - askedAt) * 2 >= limit * (readCount == 1 ? Self.startingHalves : 1) else { return }
        context.fireErrorCaught(LinkError.silent)
        context.close(promise: nil)
    }
}

/// Why a connection could not be made, in a few words.
private struct ConnectionFailure {
    let text: String

    init(_ error: any Error) {
        text = switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first {
                Self(first.error).text
            } else {
                "there is no host of that name"
            }
        case let error as IOError: Self.words(error.errnoCode)
        case ChannelError.connectTimeout: "nobody answered within five seconds"
        default: "\(error)"
        }
    }

    private static func words(_ code: CInt) -> String { String(cString: strerror(code)) }
}
