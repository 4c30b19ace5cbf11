import HTTPTypes
import Hummingbird
import HummingbirdCore
import LiveModel
import NIOCore

/// A request, and the connection that it came by.
struct DashboardContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// What can be asked for: the page, what it shows once or as a stream, and metrics.
struct DashboardRoutes: Sendable {
    private let traces: [LiveTrace]
    private let answers: AnswerCache
    private let viewers = ViewerCount()

    init(_ traces: [LiveTrace]) {
        self.traces = traces
        answers = AnswerCache(traces)
    }

    func router(_ rules: AccessRules) -> Router<DashboardContext> {
        let router = Router(context: DashboardContext.self)
        router.add(middleware: AccessGuard(rules: rules))
        for file in PageFile.all {
            router.get(RouterPath(file.path)) { _, _ in Self.response(file.type, ByteBuffer(bytes: file.bytes)) }
        }
        router.get("/api/snapshot") { [answers] request, _ in
            guard let question = Question(request.uri, traces) else { return Self.unknownDevice }
            return Self.response("application/json", answers.answer(question))
        }
        router.get("/api/stream") { request, context in stream(request, context) }
        router.get("/metrics") { [traces] _, _ in
            Self.response("text/plain; version=0.0.4; charset=utf-8", ByteBuffer(string: MetricsText(traces).text))
        }
        return router
    }

    private static func response(_ type: String, _ body: ByteBuffer) -> Response {
        Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: body))
    }

    private static let unknownDevice = Response(
        status: .notFound, headers: [.contentType: "text/plain; charset=utf-8"], body: .init("There is no such device here.\n"))

    private func stream(_ request: Request, _ context: DashboardContext) -> Response {
        guard let question = Question(request.uri, traces) else { return Self.unknownDevice }
        guard let ticket = viewers.admit() else {
            return Response(status: .serviceUnavailable, headers: [.retryAfter: "10"], body: .init("Too many browsers look at this already.\n"))
        }
        let stream = EventStream(answers, question, context.channel, ticket)
        return Response(status: .ok, headers: [.contentType: "text/event-stream"], body: .init { try await stream.write(to: &$0) })
    }
}
