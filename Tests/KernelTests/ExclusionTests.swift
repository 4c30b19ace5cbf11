import FaultModel
import Foundation
import Testing
import WireProtocol

/// What the agent says of processes that are excluded, by all that it sends: nothing.
@Suite(.serialized, .enabled(if: Device.isThisMachine)) struct ExclusionTests {
    /// The names of what was mapped and executed, and where in memory something was mapped.
    private struct Told {
        var names: Set<String> = []
        var starts: Set<UInt64> = []

        /// Whether a process is known as this program: by its name, by what it maps, or by how it was started. That the script, cp and rm
        /// have its path in their command lines is theirs to tell.
        func knows(_ program: String) -> Bool {
            names.contains { $0.hasPrefix(program) || program.hasSuffix("/" + $0) }
        }

        mutating func add(_ mapping: MemoryMapping) {
            names.insert(mapping.name)
            starts.insert(mapping.start)
        }

        mutating func add(_ message: AgentMessage) {
            switch message {
            case .mappings(let news): for mapping in news.list { add(mapping) }
            case .mapped(let news): add(news.mapping)
            case .executed(let news): names.insert(news.name)
            case .process(let news): names.formUnion([news.name, news.commandLine])
            default: break
            }
        }
    }

    /// Traces a command or counts its faults, and listens to all that the agent says.
    private func told(_ command: [String], tally: TallyWish? = nil, _ exclude: (inout FaultFilter) -> Void) async throws -> Told {
        var filter = FaultFilter()
        exclude(&filter)
        var told = Told()
        for message in try await Agent.messages(Start(tally: tally, filter: filter, command: command)) { told.add(message) }
        return told
    }

    @Test func `a child that runs an excluded program`() async throws {
        let secret = "\(Device.folder)/secret-program"
        let script = "ls / > /dev/null; cp \(Device.workload) \(secret); \(secret) write 300; ls / > /dev/null; rm \(secret)"
        let shown = try await told(["sh", "-c", script]) { $0.excludedComms = ["none-such"] }
        #expect(shown.names.contains("secret-program") && shown.names.contains(secret) && shown.knows(secret))
        let hidden = try await told(["sh", "-c", script]) { $0.excludedComms = ["secret*"] }
        #expect(!hidden.knows(secret))
        #expect(hidden.names.contains("ls"), "others are told of")
    }

    /// A child's row is opened under its parent's name, and stands for the whole round.
    @Test func `a child that runs an excluded program while faults are counted`() async throws {
        let secret = "\(Device.folder)/secret-program"
        let script = "cp \(Device.workload) \(secret); for turn in 1 2 3 4 5 6 7 8; do \(secret) write 300; sleep 0.1; done; rm \(secret); true"
        let tally = TallyWish(key: .process, intervalNs: 1_000_000_000)
        let shown = try await told(["sh", "-c", script], tally: tally) { $0.excludedPids = [1] }
        #expect(shown.names.contains("sh"))
        let hidden = try await told(["sh", "-c", script], tally: tally) { $0.excludedComms = ["secret*"] }
        #expect(!hidden.knows(secret))
        #expect(hidden.names.contains("sh"), "others are told of")
    }

    /// No record of perf's tells of setuid(2), which is how Android makes an app of a zygote's child.
    ///
    /// - Parameter pause: in ms; without one the agent sees the change and what came before it at once.
    @Test(arguments: [["uid", "65534"], ["name", "7"]], [0, 100])
    func `a process that becomes excluded`(change: [String], pause: Int) async throws {
        let command = [Device.workload, "write", "300", "sleep", "\(pause)"] + change + ["warmfile", "20", "sleep", "100", "shared", "20"]
        let shown = try await told(command) { $0.excludedPids = [1] }
        #expect(shown.starts.isSuperset(of: [Base.write, Base.warm, Base.shared]))
        let hidden = try await told(command) { ($0.excludedUids, $0.excludedComms) = ([65534], ["faults-7"]) }
        if pause > 0 { #expect(hidden.starts.contains(Base.write), "what it was before is told of") }
        #expect(hidden.starts.isDisjoint(with: [Base.warm, Base.shared]))
    }
}
