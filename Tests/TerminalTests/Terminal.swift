import Foundation
import Subprocess
import SystemPackage

/// A real terminal, tmux's, with a shell in it: keys go in, and what it shows comes out.
struct Terminal {
    private static let environment = ProcessInfo.processInfo.environment
    static let faultline = environment["FAULTLINE_UNDER_TEST"] ?? "build/bin/faultline"
    static let workload = environment["FAULTLINE_WORKLOAD"] ?? "build/tests/faults"

    private let server: String

    /// Runs `body` with a terminal that is gone after it. Its shell has said `ready` and what its settings are.
    static func open(width: Int = 80, height: Int = 24, _ body: (Terminal) async throws -> Void) async throws {
        let terminal = Terminal(server: "faultline-test-\(UUID().uuidString)")
        _ = try await terminal.tmux("new-session", "-d", "-x", "\(width)", "-y", "\(height)", "env LC_ALL=C.UTF-8 PS1='$ ' sh")
        do {
            try await terminal.wait(for: "$")
            try await terminal.enter("clear; echo ready")
            try await terminal.wait(for: "ready")
            try await body(terminal)
        } catch {
            _ = try? await terminal.tmux("kill-server")
            throw error
        }
        _ = try? await terminal.tmux("kill-server")
    }

    // MARK: Keys

    /// Types text.
    func type(_ text: String) async throws { _ = try await tmux("send-keys", "-l", text) }

    /// Presses keys by tmux's names for them: `Enter`, `Up`, `C-c`.
    func press(_ keys: String...) async throws { for key in keys { _ = try await tmux("send-keys", key) } }

    func enter(_ command: String) async throws {
        try await type(command)
        try await press("Enter")
    }

    func resize(width: Int, height: Int) async throws {
        _ = try await tmux("resize-window", "-x", "\(width)", "-y", "\(height)")
    }

    // MARK: The screen

    /// - Parameter withStyles: with the sequences that set colours.
    func lines(withStyles: Bool = false) async throws -> [String] {
        let text = try await tmux(["capture-pane", "-p"] + (withStyles ? ["-e"] : []))
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    /// What tmux knows of the pane: `cursor_flag`, `alternate_on`, `pane_pid`.
    func fact(_ name: String) async throws -> String {
        try await tmux("display-message", "-p", "#{\(name)}").trimmingCharacters(in: .newlines)
    }

    /// From now on also hands a shell command what the program in the terminal writes.
    func pipe(_ command: String) async throws { _ = try await tmux("pipe-pane", command) }

    struct NotThere: Error, CustomStringConvertible {
        let text: String
        let lines: [String]
        var description: String { "'\(text)' does not come; the screen:\n" + lines.joined(separator: "\n") }
    }

    /// Waits until a line has a text.
    ///
    /// - Returns: that line.
    @discardableResult
    func wait(for text: String) async throws -> String {
        try await wait(for: text) { $0.contains(text) }
    }

    @discardableResult
    func wait(for text: String, where isWanted: (String) -> Bool) async throws -> String {
        var last: [String] = []
        for _ in 0..<300 {
            last = try await lines()
            if let line = last.first(where: isWanted) { return line }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw NotThere(text: text, lines: last)
    }

    /// Waits until the whole screen is as it is wanted.
    func wait(untilScreen text: String, is isWanted: ([String]) -> Bool) async throws {
        var last: [String] = []
        for _ in 0..<100 {
            last = try await lines()
            if isWanted(last) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw NotThere(text: text, lines: last)
    }

    // MARK: Programs

    private func tmux(_ arguments: String...) async throws -> String { try await tmux(arguments) }

    private func tmux(_ arguments: [String]) async throws -> String {
        try await Self.run("tmux", ["-L", server, "-f", "/dev/null"] + arguments)
    }

    /// Runs `body` beside a program, which is then ended.
    static func beside(_ program: String, _ arguments: [String], _ body: @escaping @Sendable () async throws -> Void) async throws {
        _ = try await Subprocess.run(
            .path(FilePath(program)), arguments: Arguments(arguments), input: .none, output: .discarded, error: .discarded
        ) { process in
            defer { try? process.send(signal: .kill) }
            try await body()
        }
    }

    /// What a program writes.
    static func run(_ program: String, _ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            program.contains("/") ? .path(FilePath(program)) : .name(program), arguments: Arguments(arguments), input: .none, output: .string(limit: 1 << 20), error: .discarded)
        return result.standardOutput
    }

    /// The process that this shell runs, and the agent that that has begun.
    func processes() async throws -> (controller: String, agent: String) {
        let shell = try await fact("pane_pid")
        let controller = try await child(of: shell)
        return (controller, try await child(of: controller))
    }

    private func child(of parent: String) async throws -> String {
        let text = try await Self.run("ps", ["-o", "pid=", "--ppid", parent])
        return text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? "none"
    }
}
