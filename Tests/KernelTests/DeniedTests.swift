import Foundation
import Testing

/// A situation in which something is refused, and what the preflight must then say.
struct Situation: CustomTestStringConvertible, Sendable {
    var name: String
    var verdict: String
    /// The source that a trace takes.
    var source: String?
    /// The check that tells what is wrong.
    var check: String?
    /// What stands in the reason of perf_bpf, where that is refused.
    var reason: String?
    /// What that check advises, where the kernel's log tells it.
    var advice: String?
    /// Memory is so short that faults may be lost, if that is told.
    var isTight = false

    var target: [String] { ["--connect", Self.addresses[name]!] }
    var testDescription: String { name }

    /// Those that the guest has: NAME=ADDRESS.
    private static let addresses = Dictionary(
        uniqueKeysWithValues: (ProcessInfo.processInfo.environment["FAULTLINE_SITUATIONS"] ?? "").split(separator: " ").map {
            ($0.prefix { $0 != "=" }.description, $0.drop { $0 != "=" }.dropFirst().description)
        })

    static let present = all.filter { addresses[$0.name] != nil }

    /// Tests/Guest/denied says what each is.
    private static let all = [
        Situation(name: "plain", verdict: "ready", source: "kprobe"),
        Situation(name: "no-root", verdict: "blocked", check: "capabilities", reason: "EPERM"),
        Situation(name: "paranoid", verdict: "blocked", check: "perf_events", reason: "EACCES"),
        Situation(name: "no-btf", verdict: "ready", source: "kprobe", check: "btf"),
        Situation(name: "no-tracefs", verdict: "ready", source: "kprobe", check: "tracefs"),
        Situation(
            name: "no-bpf", verdict: "limited", source: "perf_ring", check: "selinux", reason: "EACCES",
            advice: "allow nobpf_t self:bpf { map_create prog_load };"),
        Situation(
            name: "no-perf", verdict: "blocked", check: "selinux", reason: "EACCES", advice: "allow noperf_t self:perf_event { open"),
        Situation(name: "agent-domain", verdict: "ready", source: "kprobe"),
        Situation(name: "module-domain", verdict: "ready", source: "kprobe"),
        Situation(name: "other-domain", verdict: "blocked", check: "selinux"),
        Situation(name: "memlock", verdict: "ready", source: "kprobe", check: "memlock", isTight: true),
        Situation(name: "two-capabilities", verdict: "ready", source: "kprobe", check: "capabilities"),
        Situation(name: "lockdown", verdict: "ready", source: "perf_bpf", check: "lockdown"),
    ]
}

/// Where something is refused, the preflight says what and what that costs, and a trace does what it says.
@Suite(.serialized) struct DeniedTests {
    @Test(arguments: Situation.present)
    func `the preflight tells what is refused, and a trace agrees`(situation: Situation) async throws {
        let preflight = try await Preflight.of(situation.target)
        #expect(preflight.verdict == situation.verdict)
        #expect(preflight.source == situation.source)
        if let id = situation.check {
            let check = try #require(preflight.check(id))
            #expect(check.status != "pass", "\(check.found)")
            if let advice = situation.advice { #expect(check.remedy?.contains(advice) == true, "\(check.remedy ?? "")") }
        }
        if let reason = situation.reason {
            #expect(preflight.source("perf_bpf")?.reason.contains(reason) == true)
        }
        for source in Way.sources {
            let way = Way(source: source, transport: Way.anyTransport)
            let cell = try await Cell.tried(way, preflight, .short, isTight: situation.isTight, on: situation.target)
            #expect(cell.differences.isEmpty, "\(way.testDescription)")
        }
    }
}
