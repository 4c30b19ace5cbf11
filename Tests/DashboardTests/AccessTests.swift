@testable import Dashboard
import HTTPTypes
import LiveModel
import Testing

struct AccessTests {
    private let traces = [LiveTrace(label: "local")]
    private let token = AccessToken("0123456789abcdef")!

    private func status(_ path: String = "/", host: String = "localhost:8080", _ headers: HTTPFields = [:], token: AccessToken? = nil, isLoopback: Bool = true) async throws -> Int {
        var browser = Browser(traces, token: token, isLoopback: isLoopback)
        (browser.host, browser.headers) = (host, headers)
        return try await browser.get(path).status
    }

    @Test(arguments: ["localhost:8080", "127.0.0.1:9", "[::1]:8080", "LOCALHOST", "a.localhost:1"])
    func `this machine's own names lead here`(host: String) async throws {
        #expect(try await status(host: host) == 200)
    }

    @Test(arguments: ["evil.example:8080", "127.0.0.1.evil.example", "192.168.0.7:8080", "", "localhost.evil.example", "1270.0.0.1"])
    func `other names do not`(host: String) async throws {
        #expect(try await status(host: host) == 421)
    }

    @Test(arguments: [("http://localhost:8080", 200), ("http://evil.example", 403), ("https://localhost:8080", 403), ("null", 403), ("http://localhost:81", 403)])
    func `pages of others may not read`(origin: String, expected: Int) async throws {
        #expect(try await status("/api/snapshot", [.origin: origin]) == expected)
    }

    @Test func `elsewhere an address in figures will do, and a foreign name will not`() async throws {
        #expect(try await status("/metrics?token=\(token.text)", host: "192.168.0.7:8080", token: token, isLoopback: false) == 200)
        #expect(try await status("/metrics?token=\(token.text)", host: "[fe80::1]:8080", token: token, isLoopback: false) == 200)
        #expect(try await status("/metrics?token=\(token.text)", host: "evil.example", token: token, isLoopback: false) == 421)
    }

    @Test(arguments: ["/", "/app.js", "/api/snapshot", "/api/stream", "/metrics"])
    func `without the token there is nothing to see`(path: String) async throws {
        #expect(try await status(path, token: token) == 401)
        #expect(try await status(path + "?token=0123456789abcdeg", token: token) == 401)
        #expect(try await status(path, [.authorization: "Bearer x"], token: token) == 401)
    }

    @Test func `the token in the address becomes a cookie that scripts cannot read`() async throws {
        let answer = try await Browser(traces, token: token).get("/?token=\(token.text)")
        #expect(answer.status == 303)
        #expect(answer.headers[.location] == "/")
        let cookie = try #require(answer.headers[.setCookie])
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        #expect(try await status([.cookie: String(cookie.prefix { $0 != ";" })], token: token) == 200)
        #expect(try await status("/metrics", [.authorization: "Bearer \(token.text)"], token: token) == 200)
    }

    private func status(_ headers: HTTPFields, token: AccessToken?) async throws -> Int {
        try await status("/", headers, token: token)
    }

    @Test func `nothing can be changed here`() async throws {
        #expect(try await Browser(traces).get("/api/snapshot", method: .post).status == 405)
    }

    @Test func `the page may load nothing from elsewhere and run nothing but its own scripts`() async throws {
        let answer = try await Browser(traces).get("/")
        let policy = try #require(answer.headers[.contentSecurityPolicy])
        #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe"))
        #expect(policy.contains("script-src 'self';") && policy.split(separator: "'sha256-").count == 2, "the style alone by its hash")
        #expect(answer.body.split(separator: "src=").count == 2 && answer.body.contains("<script src=\"page.js\""))
        #expect(answer.body.split(separator: "<script").count == 3, "that and the data")
        #expect(!answer.body.contains(" style=") && !answer.body.contains("://"))
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
    }

    @Test(arguments: [("short", false), ("0123456789abcde", false), ("0123456789abcdef", true), ("0123456789abcdef;", false), ("0123456789abc ef", false)])
    func `a token is long and goes into an address as it is`(text: String, isGood: Bool) {
        #expect((AccessToken(text) != nil) == isGood)
    }

    @Test func `random tokens differ`() { #expect(AccessToken.random() != AccessToken.random()) }
}
