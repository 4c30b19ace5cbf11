@testable import Dashboard
import LiveModel
import Testing

/// Where the dashboard can be, and where not.
struct ListeningTests {
    private func failure(at host: String, port: Int) async -> DashboardError? {
        do {
            try await DashboardServer([LiveTrace(label: "a")], at: .init(host: host, port: port), token: nil).run { _ in }
            return nil
        } catch {
            return error as? DashboardError
        }
    }

    @Test func `each reason not to listen is one sentence that says what to do`() async throws {
        let unknown = DashboardServer.Place(host: "no-such-host.invalid", port: 0)
        #expect(await failure(at: unknown.host, port: 0) == .unknownHost(unknown))
        // A documentation's address (RFC 5737).
        let foreign = DashboardServer.Place(host: "198.51.100.1", port: 0)
        #expect(await failure(at: foreign.host, port: 0) == .foreignAddress(foreign))
        let place = DashboardServer.Place(host: "::1", port: 80)
        for error in [DashboardError.unknownHost(place), .portInUse(place), .foreignAddress(place), .notPermitted(place), .refused(place, "no")] {
            #expect("\(error)".hasPrefix("cannot listen at [::1]:80: ") && "\(error)".contains("; ") && !"\(error)".contains("errno"))
        }
    }

    @Test func `a port that is in use is told`() async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let first = Task {
            try await DashboardServer([LiveTrace(label: "a")], at: .init(host: "127.0.0.1", port: 0), token: nil).run { address in
                continuation.yield(address.split(separator: ":").last.flatMap { Int($0.dropLast()) } ?? 0)
            }
        }
        for await port in ports {
            #expect(await failure(at: "127.0.0.1", port: port) == .portInUse(.init(host: "127.0.0.1", port: port)))
            break
        }
        first.cancel()
        try? await first.value
    }

    @Test(arguments: [
        (["127.0.0.1", "::1"], "127.0.0.1"), (["127.0.0.1", "fe80::1%eth0", "2001:db8::5"], "2001:db8::5"),
        (["::1", "2001:db8::5", "169.254.1.1", "192.0.2.7", "192.0.2.8"], "192.0.2.7"), ([], "127.0.0.1"),
    ])
    func `who listens everywhere is opened by an address that others know`(addresses: [String], best: String) {
        #expect(DashboardServer.ownAddress(among: addresses) == best)
    }
}
