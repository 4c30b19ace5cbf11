@testable import Dashboard
import HTTPTypes
import Hummingbird
import HummingbirdCore
import LiveModel
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

/// Asks the routes without a socket. HummingbirdTesting collects a whole body, and a stream of events has no end.
struct Browser {
    private let respond: @Sendable (Request, DashboardContext) async throws -> Response
    var headers: HTTPFields = [:]
    var host = "localhost:8080"

    init(_ traces: [LiveTrace], token: AccessToken? = nil, isLoopback: Bool = true) {
        let responder = DashboardRoutes(traces).router(AccessRules(token: token, isLoopback: isLoopback)).buildResponder()
        respond = { try await responder.respond(to: $0, context: $1) }
    }

    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: String
    }

    /// - Parameter events: how many pieces of the body to wait for; nil: all of it.
    func get(_ path: String, method: HTTPRequest.Method = .get, events: Int? = nil) async throws -> Answer {
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: host, path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
        let channel = NIOAsyncTestingChannel()
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let response = try await respond(request, DashboardContext(source: ApplicationRequestContextSource(channel: channel, logger: logger)))
        let pieces = Pieces(limit: events)
        do { try await response.body.write(CollectingWriter(pieces: pieces)) } catch is Enough {}
        _ = try await channel.finish()
        return Answer(status: response.status.code, headers: response.headers, body: pieces.text)
    }

    private struct Enough: Error {}

    private final class Pieces: Sendable {
        private let list = Mutex<[ByteBuffer]>([])
        let limit: Int?

        init(limit: Int?) { self.limit = limit }

        var text: String { list.withLock { $0.map { String(buffer: $0) }.joined() } }

        func add(_ piece: ByteBuffer) throws {
            let count = list.withLock { list in
                list.append(piece)
                return list.count
            }
            if let limit, count >= limit { throw Enough() }
        }
    }

    private struct CollectingWriter: ResponseBodyWriter {
        let pieces: Pieces

        mutating func write(_ buffer: ByteBuffer) async throws { try pieces.add(buffer) }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
