/// Names that only mean this machine.
enum LoopbackName {
    static func matches(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "::1" || isLoopbackV4(host)
    }

    private static func isLoopbackV4(_ host: String) -> Bool { host.hasPrefix("127.") && AddressLiteral.isV4(host) }
}

/// Addresses in figures. A page of somebody else's can have a name of its own lead here, but not one of these.
enum AddressLiteral {
    static func matches(_ host: String) -> Bool { isV4(host) || isV6(host) }

    static func isV4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func isV6(_ host: String) -> Bool {
        host.contains(":") && host.utf8.allSatisfy { byte in
            (0x30...0x3a).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte) || byte == 0x2e
        }
    }
}

/// `HOST[:PORT]` of a request, apart.
struct RequestHost: Equatable {
    let name: String
    let port: String

    init(_ authority: some StringProtocol) {
        let text = authority.lowercased()
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            name = String(text[text.index(after: text.startIndex)..<end])
            port = String(text[text.index(after: end)...].drop { $0 == ":" })
        } else {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            name = parts.first.map(String.init) ?? ""
            port = parts.count > 1 ? String(parts[1]) : ""
        }
    }
}
