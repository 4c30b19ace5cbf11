import DeviceLink
import Foundation
import Subprocess
import SystemPackage
import WireProtocol

/// The controller as a process that a test interferes with.
enum Controller {
    static func run(
        _ options: [String], _ interfere: @escaping @Sendable (Execution<NoInput, FileDescriptorOutput, FileDescriptorOutput>) async throws -> Void
    ) async throws -> Run {
        let (output, errors) = (try ScratchFile(), try ScratchFile())
        let result = try await Subprocess.run(
            .path(FilePath(Device.faultline)), arguments: Arguments(["trace"] + Device.target + options), input: .none,
            output: .fileDescriptor(output.descriptor, closeAfterSpawningProcess: false),
            error: .fileDescriptor(errors.descriptor, closeAfterSpawningProcess: false)
        ) { try await interfere($0) }
        return try Tool.parsed(
            Tool.Output(status: result.terminationStatus.shellStatus, text: output.text(), errors: errors.text()))
    }
}

/// An agent that waits for a controller.
enum Agent {
    static let path = ProcessInfo.processInfo.environment["FAULTLINE_AGENT"] ?? "build/agents/x86_64/faultline-agent"

    /// Runs `body` with the address at which the agent listens.
    static func serving(_ body: @escaping @Sendable (String) async throws -> Void) async throws {
        _ = try await Subprocess.run(
            .path(FilePath(path)), arguments: ["serve"],
            environment: .inherit.updating(["FAULTLINE_TOKEN": "the right one"]), input: .none, output: .sequence,
            error: .discarded
        ) { agent in
            for try await line in agent.standardOutput.strings() {
                try await body(String(line.split(separator: " ").last!.filter { !$0.isNewline }))
                break
            }
            try agent.send(signal: .terminate)
        }
    }
}

extension Agent {
    /// All that an agent says of a trace, to its last word.
    static func messages(_ start: Start) async throws -> [AgentMessage] {
        let heard = Heard()
        try await serving { address in
            try await AgentLink.open(to: AgentEndpoint(Endpoint(address)!, token: "the right one")) { link, messages in
                try await link.send(.start(start))
                while let message = try await messages.next() {
                    await heard.add(message)
                    if case .bye = message { break }
                }
            }
        }
        return await heard.messages
    }

    private actor Heard {
        var messages: [AgentMessage] = []
        func add(_ message: AgentMessage) { messages.append(message) }
    }
}

/// A file that is gone when the test is.
struct ScratchFile {
    let descriptor: FileDescriptor
    private let path: FilePath

    init() throws {
        path = FilePath(NSTemporaryDirectory() + "/faultline-test-\(UUID().uuidString)")
        descriptor = try .open(path, .readWrite, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
    }

    /// What has been written; the file is removed.
    func text() throws -> String {
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        try descriptor.close()
        return try String(contentsOfFile: path.string, encoding: .utf8)
    }
}
