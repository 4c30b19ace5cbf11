import ArgumentParser
import Dashboard

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// Where a dashboard is served, and to whom.
struct ListenOptions: ParsableArguments {
    /// Where a token comes from that shall be the same after a restart.
    static let tokenVariable = "FAULTLINE_DASHBOARD_TOKEN"

    @Option(help: ArgumentHelp("Where browsers find it; anywhere but on this machine itself they need a token.", valueName: "host:port"))
    var listen = ListenPlace(host: "127.0.0.1", port: 8080)

    var place: DashboardServer.Place { DashboardServer.Place(host: listen.host, port: Int(listen.port)) }

    /// What browsers must know; nil: nothing.
    func token() throws(ListenError) -> AccessToken? {
        if let text = getenv(Self.tokenVariable) {
            guard let token = AccessToken(String(cString: text)) else { throw .badToken }
            return token
        }
        return place.isLoopback ? nil : .random()
    }
}

/// `HOST:PORT`, where the port may be zero: any that is free.
struct ListenPlace: ExpressibleByArgument, Equatable, CustomStringConvertible {
    let host: String
    let port: UInt16

    init(host: String, port: UInt16) { (self.host, self.port) = (host, port) }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...]) else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() } else if host.contains(":") { return nil }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: port)
    }

    var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
}

/// A token that cannot be meant.
enum ListenError: Error, CustomStringConvertible {
    case badToken

    var description: String {
        "\(ListenOptions.tokenVariable) must be at least sixteen letters, digits, - and _; choose such a one, or unset it for a random one"
    }
}
