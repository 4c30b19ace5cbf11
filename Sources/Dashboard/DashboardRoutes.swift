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
        let router = Router(context: DashboardContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: AccessGuard(rules: rules))
        router.get("/") { [answers, traces] _, _ in Self.response("text/html; charset=utf-8", Self.page(traces[0], answers)) }
        router.get("/\(PageDocument.scriptName)") { _, _ in
            Self.response("text/javascript; charset=utf-8", ByteBuffer(bytes: PageDocument.script))
        }
        router.get("/api/snapshot") { [answers] request, _ in
            answered(request) { Self.response("application/json", answers.answer($0)) }
        }
        router.get("/api/stream") { request, context in answered(request) { stream($0, context) } }
        router.get("/metrics") { [traces] _, _ in
            Self.response("text/plain; version=0.0.4; charset=utf-8", ByteBuffer(string: MetricsText(traces).text))
        }
        return router
    }

    /// With the answer to what a browser looks at first, which then need not ask before it shows something.
    private static func page(_ trace: LiveTrace, _ answers: AnswerCache) -> ByteBuffer {
        let question = Question.first(of: trace)
        let seconds = question.query.lastNs.map { "\($0 / 1_000_000_000)" } ?? ""
        let view = PageDocument.embeddable(answers.answer(question).readableBytesView)
        let data = Array("{\"last\":\"\(seconds)\",\"view\":".utf8) + view + Array("}".utf8)
        return ByteBuffer(bytes: PageDocument.bytes(data, .served))
    }

    private static func response(_ type: String, _ body: ByteBuffer) -> Response {
        Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: body))
    }

    /// Answers what the address asks, or says what is wrong with it.
    private func answered(_ request: Request, _ answer: (Question) -> Response) -> Response {
        do throws(QuestionError) {
            return answer(try Question(request.uri, traces))
        } catch {
            let status: HTTPResponse.Status = error == .unknownDevice ? .notFound : .badRequest
            return Response(status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: .init("\(error)\n"))
        }
    }

    private func stream(_ question: Question, _ context: DashboardContext) -> Response {
        guard let ticket = viewers.admit() else {
            return Response(status: .serviceUnavailable, headers: [.retryAfter: "10"], body: .init("Too many browsers look at this already.\n"))
        }
        let stream = EventStream(answers, question, context.channel, ticket)
        return Response(status: .ok, headers: [.contentType: "text/event-stream"], body: .init { try await stream.write(to: &$0) })
    }
}
