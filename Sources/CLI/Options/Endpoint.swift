import ArgumentParser

/// Where an agent listens: `HOST:PORT`, an IPv6 address in brackets.
struct Endpoint: Equatable, Sendable {
    var host: String
    var port: UInt16
}

extension Endpoint: ExpressibleByArgument {
    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"),
            let port = UInt16(argument[argument.index(after: colon)...]), port > 0,
            let host = Self.host(argument[..<colon])
        else { return nil }
        self.init(host: host, port: port)
    }

    /// The host without brackets; nil for an empty one and for a bare IPv6 address, whose last group could be the port.
    private static func host(_ text: Substring) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]") { return text.count > 2 ? String(text.dropFirst().dropLast()) : nil }
        return text.isEmpty || text.contains(":") ? nil : String(text)
    }
}
