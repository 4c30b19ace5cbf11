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
            throw DashboardError(error.errnoCode, place)
        } catch is SocketAddressError.UnknownHost {
            throw DashboardError.unknownHost(place)
        }
    }

    private static func address(_ place: Place, _ channel: any Channel, _ token: AccessToken?) -> String {
        let host = place.isEveryAddress ? ownAddress : place.host
        let bound = Place(host: host, port: channel.localAddress?.port ?? place.port)
        return "http://\(bound.text)/" + (token.map { "?token=\($0.text)" } ?? "")
    }

    /// An address of this machine by which others find it; where it has none this machine itself does.
    private static var ownAddress: String {
        let devices = (try? System.enumerateDevices()) ?? []
        return ownAddress(among: devices.compactMap { $0.address?.ipAddress })
    }

    static func ownAddress(among addresses: [String]) -> String {
        let usable = addresses.filter { !LoopbackName.matches($0) && !$0.hasPrefix("fe80:") && !$0.hasPrefix("169.254.") }
        return usable.first { !$0.contains(":") } ?? usable.first ?? "127.0.0.1"
    }
}

extension DashboardServer.Place {
    /// It stands for all addresses of this machine, and is none that a browser could open.
    var isEveryAddress: Bool { ["0.0.0.0", "::"].contains(host) }
}
