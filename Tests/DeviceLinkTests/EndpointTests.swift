import Testing

@testable import DeviceLink

struct EndpointTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8080), ("localhost:1", "localhost", 1), ("[::1]:65535", "::1", 65535),
        ("[fe80::1%eth0]:5", "fe80::1%eth0", 5), ("phone.local:007", "phone.local", 7),
    ] as [(String, String, UInt16)])
    func `a host and a port are an endpoint`(text: String, host: String, port: UInt16) {
        #expect(Endpoint(text) == Endpoint(host: host, port: port))
    }

    @Test(arguments: [
        "", ":", "host", "host:", ":80", "host:0", "host:65536", "host:-1", "host:+1", "host: 80", "host:80 ", "host:http",
        "::1", "::1:80", "fe80::1", "[]:80", "[::1]", "[::1]80", "a:b:80", "host:٣", "host:0x50",
    ])
    func `what is no endpoint is none`(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test(arguments: ["127.0.0.1:8080", "[::1]:80", "phone.local:7"])
    func `an endpoint is written as it is read`(text: String) {
        #expect(Endpoint(text)?.description == text)
    }

    @Test func `a token is 128 bits that nobody has seen before`() {
        let tokens = (0..<1000).map { _ in AgentEndpoint.makeToken() }
        #expect(tokens.allSatisfy { $0.count == 32 && $0.allSatisfy { "0123456789abcdef".contains($0) } })
        #expect(Set(tokens).count == tokens.count)
    }
}
