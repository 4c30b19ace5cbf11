import Foundation
import Testing

/// `top` with real keys against the faults of a known program.
@Suite(.serialized) struct ViewTests {
    private static let title = "faultline top"

    /// Runs `body` beside a program that makes some thousand faults a second, under the name `faults-42`, for longer than a test takes.
    private func faulting(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let phases = (0..<10_000).flatMap { _ in ["again", "100", "sleep", "10"] }
        try await Terminal.beside(Terminal.workload, ["name", "42"] + phases, body)
    }

    private func top(_ terminal: Terminal, _ options: String = "") async throws {
        try await terminal.enter("\(Terminal.faultline) top --local \(options)")
        try await terminal.wait(for: "none lost")
    }

    /// The number in front of a word of a line.
    private func number(before word: String, in line: String) -> Int? {
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: Substring(word)), place > 0 else { return nil }
        return Int(words[place - 1].filter { $0 != "," })
    }

    @Test func `each fault of a program is counted`() async throws {
        try await Terminal.open { terminal in
            try await top(terminal, "--comm faults-43 --address 0x2000000000-0x2100000000")
            _ = try await Terminal.run(Terminal.workload, ["name", "43", "write", "997"])
            let line = try await terminal.wait(for: "997 in all")
            #expect(line.contains("0 major/s"))
            #expect(try await terminal.wait(for: "faults-43").contains(" 997 "))
            try await terminal.press("Enter")
            #expect(try await terminal.wait(for: "[anon]").contains(" 997 anonymous "))
            try await terminal.press("Escape", "q")
            try await terminal.wait(for: "997 page faults in")
        }
    }

    @Test func `keys look into a process, filter, sort, help and stop`() async throws {
        try await faulting {
            try await Terminal.open { terminal in
                try await top(terminal)
                try await terminal.wait(for: "faults-42")
                try await terminal.press("/")
                try await terminal.type("S-42")
                try await terminal.wait(for: "filter: S-42")
                #expect(try await terminal.lines()[6].contains("faults-42"))
                try await terminal.press("Enter", "Enter")
                try await terminal.wait(for: "process ")
                try await terminal.wait(for: "[anon]")
                try await terminal.press("Tab")
                try await terminal.wait(for: "anonymous")
                try await terminal.press("1")
                try await terminal.wait(for: "thread")
                try await terminal.press("?")
                try await terminal.wait(for: "any key")
                try await terminal.press("x", "Space")
                let stopped = try await terminal.wait(for: "PAUSED")
                #expect(stopped.contains("none lost") && stopped.contains("tracepoint"))
                let rates = try await terminal.lines()[1]
                try await Task.sleep(for: .seconds(1))
                #expect(try await terminal.lines()[1] == rates)
                try await terminal.press("Space")
                try await terminal.wait(for: "other rates") { $0.contains("faults/s") && $0.contains("in all") && $0 != rates }
                try await terminal.press("q")
                try await terminal.wait(for: "page faults in")
            }
        }
    }

    @Test func `it follows the terminal's size`() async throws {
        try await faulting {
            try await Terminal.open { terminal in
                try await top(terminal)
                for (width, height) in [(132, 43), (200, 60), (60, 16), (80, 24)] {
                    try await terminal.resize(width: width, height: height)
                    try await terminal.wait(untilScreen: "\(width)x\(height)") { lines in
                        lines.count == height && lines[0].contains(Self.title) && lines[height - 1].hasPrefix(" ? help")
                            && lines.contains { $0.contains("faults-42") }
                    }
                }
                try await terminal.press("q")
            }
        }
    }

    @Test func `four frames a second and more, and few bytes each`() async throws {
        let log = "/tmp/faultline-bytes-\(UUID().uuidString)"
        try await faulting {
            try await Terminal.open { terminal in
                try await top(terminal, "--comm 'faults-*'")
                try await terminal.wait(for: "faults-42")
                try await Task.sleep(for: .seconds(3))
                try await terminal.pipe("cat > \(log)")
                try await Task.sleep(for: .seconds(4))
                let text = try String(contentsOfFile: log, encoding: .utf8)
                // The numbers of the screen change with every quarter of a second.
                #expect((14...45).contains(Self.frames(in: text)), "\(Self.frames(in: text)) frames in 4 s")
                #expect((1...4 * 4096).contains(text.utf8.count), "\(text.utf8.count) bytes in 4 s")
                try await terminal.press("q")
            }
        }
        try FileManager.default.removeItem(atPath: log)
    }

    /// A frame goes from the top down: where the cursor moves up another one begins.
    private static func frames(in text: String) -> Int {
        let lines = text.matches(of: /\u{1b}\[([0-9]+);[0-9]+H/).compactMap { Int($0.output.1) }
        return zip(lines, lines.dropFirst()).count { $0 > $1 } + 1
    }

    @Test func `a name cannot command the terminal`() async throws {
        let program = "/tmp/a\u{1b}[31mb"
        try? FileManager.default.removeItem(atPath: program)
        try FileManager.default.copyItem(atPath: Terminal.workload, toPath: program)
        defer { try? FileManager.default.removeItem(atPath: program) }
        try await Terminal.open { terminal in
            try await top(terminal)
            _ = try await Terminal.run(program, ["write", "5000", "sleep", "1500"])
            try await terminal.press("/")
            try await terminal.type("31m")
            try await terminal.wait(for: #"a\x1b[31mb"#)
            try await terminal.press("C-c")
        }
    }

    @Test func `no colours with NO_COLOR, and what matters still stands out`() async throws {
        try await Terminal.open { terminal in
            try await terminal.enter("NO_COLOR=1 \(Terminal.faultline) top --local")
            try await terminal.wait(for: "none lost")
            let text = try await terminal.lines(withStyles: true).joined(separator: "\n")
            #expect(!text.contains(/\u{1b}\[[0-9;]*3[0-7]m/))
            #expect(text.contains("\u{1b}[7m"))
            try await terminal.press("q")
        }
    }

    @Test func `stacks show the functions that led to faults`() async throws {
        try await Terminal.open { terminal in
            try await top(terminal, "--stacks --comm 'faults-44'")
            _ = try await Terminal.run(Terminal.workload, ["name", "44", "deep", "20"])
            try await terminal.wait(for: "faults-44")
            try await terminal.press("7")
            try await terminal.wait(for: " < ")
            try await terminal.wait(for: "frames of the selected stack")
            try await terminal.press("q")
        }
    }
}
