/// A place to connect to: `HOST:PORT`, an IPv6 address in brackets.
public struct Endpoint: Equatable, Sendable, CustomStringConvertible {
    public var host: String
    public var port: UInt16

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// - Returns: nil for what is no endpoint, a bare IPv6 address among it, whose last group could be the port.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":"),
            let port = Self.port(text[text.index(after: colon)...]),
            let host = Self.host(String(text[..<colon]))
        else { return nil }
        self.init(host: host, port: port)
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func port(_ text: some StringProtocol) -> UInt16? {
        guard text.first?.isNumber == true, let port = UInt16(text), port > 0 else { return nil }
        return port
    }

    private static func host(_ text: String) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]") { return text.count > 2 ? String(text.dropFirst().dropLast()) : nil }
        return text.isEmpty || text.contains(":") ? nil : text
    }
}

/// Where an agent listens, and the secret that it asks for.
public struct AgentEndpoint: Equatable, Sendable {
    public var place: Endpoint
    public var token: String

    public init(_ place: Endpoint, token: String) {
        self.place = place
        self.token = token
    }

    /// 128 random bits as hexadecimal digits.
    public static func makeToken() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
