import Foundation

/// `preflight --json`, as far as the tests look at it.
struct Preflight: Decodable, Sendable {
    struct Kernel: Codable, Sendable {
        var release: String
        var arch: String
        var page_size: UInt64
    }

    struct Source: Decodable, Sendable {
        var name: String
        var usable: Bool?
        var reason: String
        var columns: [String]
        var missing: [Missing]
    }

    struct Missing: Codable, Sendable {
        var column: String
        var reason: String
    }

    struct Check: Decodable, Sendable {
        var id: String
        var status: String
        var found: String
        var remedy: String?
    }

    var verdict: String
    var source: String?
    var columns: [String]
    var kernel: Kernel
    var sources: [Source]
    var checks: [Check]

    func source(_ name: String) -> Source? { sources.first { $0.name == name } }
    func check(_ id: String) -> Check? { checks.first { $0.id == id } }

    /// Whether records can travel so: a ring buffer is younger than the sources.
    func promises(_ transport: String) -> Bool { transport != "ringbuf" || check("ringbuf")?.status == "pass" }

    static func of(_ target: [String]) async throws -> Preflight {
        let output = try await Tool.faultline(["preflight"] + target + ["--json"])
        guard let report = try? JSONDecoder().decode(Preflight.self, from: Data(output.text.utf8)) else {
            throw Unreadable(output: output.text, errors: output.errors)
        }
        return report
    }

    struct Unreadable: Error {
        var output: String
        var errors: String
    }
}
