import DeviceLink
import FaultModel
import Foundation
import Testing
import WireProtocol

/// A conversation with a real agent, about the names of functions.
struct Conversation {
    let link: AgentLink
    var messages: AgentMessages

    /// Runs `body` while a trace runs.
    static func during(
        _ start: Start = quiet, _ body: @escaping @Sendable (inout Conversation) async throws -> Void
    ) async throws {
        try await Agent.serving { address in
            let endpoint = AgentEndpoint(try #require(Endpoint(address)), token: "the right one")
            try await AgentLink.open(to: endpoint) { link, messages in
                try await link.send(.start(start))
                var conversation = Conversation(link: link, messages: messages)
                try await conversation.awaitStart()
                try await body(&conversation)
            }
        }
    }

    /// A trace of a process that makes no faults.
    static let quiet: Start = {
        var filter = FaultFilter()
        filter.pids = [2]
        return Start(filter: filter)
    }()

    private mutating func awaitStart() async throws {
        while let message = try await messages.next() {
            if case .started = message { return }
        }
        throw LinkError.cut
    }

    /// Waits until the reader has mapped a file.
    func awaitReading(_ path: String) async throws {
        while !(try ProcFile.text("/proc/\(symboliser)/maps").contains(path)) { try await Task.sleep(for: .milliseconds(2)) }
    }

    /// Asks, and waits for the answer; faults that come meanwhile are counted by the process.
    mutating func ask(_ pid: UInt32, _ file: String, _ offsets: [UInt64], identity: FileIdentity = .unknown) async throws -> Symbols {
        try await link.send(.symbolise(Symbolise(pid: pid, file: file, identity: identity, offsets: offsets)))
        return try await answer()
    }

    mutating func answer() async throws -> Symbols {
        while let message = try await messages.next() {
            if case .symbols(let symbols) = message { return symbols }
            try note(message)
        }
        throw LinkError.cut
    }

    /// Reads until the trace has ended.
    mutating func end() async throws {
        try await link.send(.stop)
        while let message = try await messages.next() {
            if case .bye = message { return }
            try note(message)
        }
        throw LinkError.cut
    }

    // MARK: Faults

    private(set) var faultsByProcess: [UInt32: Int] = [:]
    private var decoder = BatchDecoder()

    private mutating func note(_ message: AgentMessage) throws {
        guard case .batch(let payload) = message else { return }
        var faults: [PageFault] = []
        try decoder.decode(payload, into: &faults)
        for fault in faults { faultsByProcess[fault.thread.pid, default: 0] += 1 }
    }

    init(link: AgentLink, messages: AgentMessages) {
        self.link = link
        self.messages = messages
    }

    /// The process that reads files for the agent.
    var symboliser: UInt32 {
        get throws {
            let pid = link.hello.agentPid
            let children = try ProcFile.text("/proc/\(pid)/task/\(pid)/children")
            return try #require(children.split(separator: " ").first.flatMap { UInt32($0) })
        }
    }
}

/// A file of /proc, whose size is told as zero.
enum ProcFile {
    static func text(_ path: String) throws -> String {
        String(decoding: try #require(try FileHandle(forReadingAtPath: path)?.readToEnd()), as: UTF8.self)
    }
}
