#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// Why there is no dashboard.
public enum DashboardError: Error, Equatable, Sendable {
    case unknownHost(DashboardServer.Place)
    case portInUse(DashboardServer.Place)
    /// The address is not this machine's.
    case foreignAddress(DashboardServer.Place)
    case notPermitted(DashboardServer.Place)
    /// The system refused it otherwise, in its words.
    case refused(DashboardServer.Place, String)

    /// - Parameter errno: of bind(2) or listen(2).
    init(_ errno: Int32, _ place: DashboardServer.Place) {
        self = switch errno {
        case EADDRINUSE: .portInUse(place)
        case EADDRNOTAVAIL: .foreignAddress(place)
        case EACCES, EPERM: .notPermitted(place)
        default: .refused(place, String(cString: strerror(errno)))
        }
    }
}

extension DashboardError: CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .unknownHost(let place): "cannot listen at \(place.text): nobody knows the host \(place.host); name an address of this machine with --listen HOST:PORT"
        case .portInUse(let place): "cannot listen at \(place.text): another program does; name another port with --listen HOST:PORT, or end that program"
        case .foreignAddress(let place):
            "cannot listen at \(place.text): this machine has no such address; name one that it has with --listen HOST:PORT, 0.0.0.0 for all of them"
        case .notPermitted(let place): "cannot listen at \(place.text): this user may not; name a port above 1023 with --listen HOST:PORT, or run it as root"
        case .refused(let place, let reason): "cannot listen at \(place.text): \(reason); choose another with --listen HOST:PORT"
        }
    }
}
