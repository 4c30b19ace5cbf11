import Hummingbird
public import LiveModel
import Logging
import NIOCore

/// Serves traces as a page and as metrics, until its task is cancelled.
public struct DashboardServer: Sendable {
    /// Where it listens.
    public struct Place: Equatable, Sendable {
        public let host: String
        public let port: Int

        /// - Parameter port: zero: any that is free.
        public init(host: String, port: Int) { (self.host, self.port) = (host, port) }

        /// Whether only this machine can come there.
        public var isLoopback: Bool { LoopbackName.matches(host) }

        /// As it stands in an address.
        var text: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
    }

    private let traces: [LiveTrace]
    private let place: Place
    private let token: AccessToken?

    /// - Parameter token: what a browser must know; nil: nothing, which is for loopback.
    public init(_ traces: [LiveTrace], at place: Place, token: AccessToken?) {
        (self.traces, self.place, self.token) = (traces, place, token)
    }

    /// - Parameter onReady: told the address to open.
    /// - Throws: `DashboardError`.
    public func run(onReady: @escaping @Sendable (String) -> Void) async throws {
        let rules = AccessRules(token: token, isLoopback: place.isLoopback)
        let app = Application(
            router: DashboardRoutes(traces).router(rules),
            configuration: .init(address: .hostname(place.host, port: place.port), serverName: nil),
            onServerRunning: { [place, token] channel in onReady(Self.address(place, channel, token)) },
            logger: Logger(label: "dashboard") { _ in SwiftLogNoOpLogHandler() })
        do {
            try await app.run()
        } catch let error as IOError {
            throw DashboardError.cannotListen(place, reason: "\(error)")
        }
    }

    private static func address(_ place: Place, _ channel: any Channel, _ token: AccessToken?) -> String {
        let bound = Place(host: place.host, port: channel.localAddress?.port ?? place.port)
        return "http://\(bound.text)/" + (token.map { "?token=\($0.text)" } ?? "")
    }
}

/// Why there is no dashboard.
public enum DashboardError: Error, CustomStringConvertible {
    case cannotListen(DashboardServer.Place, reason: String)

    public var description: String {
        switch self {
        case .cannotListen(let place, let reason): "cannot listen at \(place.text): \(reason); choose another with --listen HOST:PORT"
        }
    }
}
