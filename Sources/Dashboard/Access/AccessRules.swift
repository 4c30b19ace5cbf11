import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// Who may see the dashboard: whoever knows the token, and no page of somebody else's that a browser here has open.
struct AccessRules: Sendable {
    static let cookie = "faultline_token"

    /// nil: everybody on this machine.
    let token: AccessToken?
    let isLoopback: Bool

    enum Verdict: Equatable {
        case allowed
        /// The token was in the address: from now on it shall be in a cookie.
        case known
        case refused(HTTPResponse.Status, String)
    }

    func judge(_ request: Request) -> Verdict {
        guard request.method == .get || request.method == .head else { return .refused(.methodNotAllowed, "Only GET and HEAD are of use here.") }
        let host = RequestHost(request.head.authority ?? "")
        guard isOurs(host.name) else { return .refused(.misdirectedRequest, "This dashboard does not go by that name.") }
        if let origin = request.headers[.origin], !isSame(origin, host) { return .refused(.forbidden, "Other pages may not read this one.") }
        guard let token else { return .allowed }
        if let given = request.uri.queryParameters.get("token"), token.matches(given) { return request.uri.path == "/" ? .known : .allowed }
        if let given = request.cookies[Self.cookie]?.value, token.matches(given) { return .allowed }
        if let given = request.headers[.authorization], given.hasPrefix("Bearer "), token.matches(given.dropFirst(7)) { return .allowed }
        return .refused(.unauthorized, "Open the address with ?token=… that 'faultline serve' has printed.")
    }

    /// A foreign name that leads to us is an attack (DNS rebinding).
    private func isOurs(_ name: String) -> Bool {
        if LoopbackName.matches(name) { return true }
        return !isLoopback && (AddressLiteral.matches(name) || name == Self.machine || name == Self.machine + ".local")
    }

    private func isSame(_ origin: String, _ host: RequestHost) -> Bool {
        origin.hasPrefix("http://") && RequestHost(origin.dropFirst(7)) == host
    }

    private static let machine: String = {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).lowercased()
    }()
}

/// Applies the rules, and tells browsers to take nothing from elsewhere.
struct AccessGuard: RouterMiddleware {
    typealias Context = DashboardContext

    let rules: AccessRules

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = switch rules.judge(request) {
        case .allowed: try await next(request, context)
        case .known: entrance
        case .refused(let status, let reason): Response(status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: .init(reason + "\n"))
        }
        for (name, value) in Self.headers { response.headers[name] = value }
        return response
    }

    /// To the same page, without the token in the address.
    private var entrance: Response {
        let cookie = "\(AccessRules.cookie)=\(rules.token?.text ?? ""); Path=/; HttpOnly; SameSite=Strict"
        return Response(status: .seeOther, headers: [.location: "/", .setCookie: cookie])
    }

    private static let headers: [(HTTPField.Name, String)] = [
        (.contentSecurityPolicy, PageDocument.policy.served + "; connect-src 'self'; frame-ancestors 'none'"),
        (.xContentTypeOptions, "nosniff"), (.cacheControl, "no-store"),
        (HTTPField.Name("Referrer-Policy")!, "no-referrer"), (HTTPField.Name("Cross-Origin-Resource-Policy")!, "same-origin"),
    ]
}

extension ResponseBody {
    init(_ text: String) { self.init(byteBuffer: ByteBuffer(string: text)) }
}
