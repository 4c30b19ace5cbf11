import Testing

/// However `top` ends, the terminal is as it was.
@Suite(.serialized) struct EndingTests {
    enum Ending: CaseIterable, Sendable {
        case q, controlC, terminate, hangUpOfAgent, crash, quit

        /// What the shell is told; nil: how a shell numbers signals does not matter here.
        var status: String? {
            switch self {
            case .q, .controlC, .terminate: "0"
            case .hangUpOfAgent: "1"
            case .crash, .quit: nil
            }
        }
    }

    private func end(_ terminal: Terminal, _ ending: Ending) async throws {
        let (controller, agent) = try await terminal.processes()
        switch ending {
        case .q: try await terminal.press("q")
        case .controlC: try await terminal.press("C-c")
        case .terminate: _ = try await Terminal.run("kill", ["-TERM", controller])
        case .hangUpOfAgent: _ = try await Terminal.run("kill", ["-KILL", agent])
        case .crash: _ = try await Terminal.run("kill", ["-SEGV", controller])
        case .quit: _ = try await Terminal.run("kill", ["-QUIT", controller])
        }
    }

    @Test(arguments: Ending.allCases)
    func `the terminal is given back`(ending: Ending) async throws {
        try await Terminal.open { terminal in
            let file = "/tmp/faultline-stty-$$"
            try await terminal.enter("echo an old line; stty -a > \(file).before; \(Terminal.faultline) top --local; echo status=$?")
            try await terminal.wait(for: "none lost")
            #expect(try await terminal.fact("alternate_on") == "1")
            #expect(try await terminal.fact("cursor_flag") == "0")
            try await end(terminal, ending)
            let status = try await terminal.wait(for: "status=") { $0.hasPrefix("status=") }
            if let wanted = ending.status { #expect(status == "status=" + wanted) }
            #expect(try await terminal.fact("alternate_on") == "0")
            #expect(try await terminal.fact("cursor_flag") == "1")
            #expect(try await terminal.fact("wrap_flag") == "1")
            let lines = try await terminal.lines()
            #expect(lines.contains { $0.hasSuffix("an old line") }, "\(lines)")
            // Nothing but the commands and what they have said: no part of a last frame.
            #expect(lines.filter { $0.contains("    ") }.isEmpty, "\(lines)")
            try await terminal.enter("stty -a | cmp - \(file).before && echo same-settings; rm \(file).before")
            try await terminal.wait(for: "same-settings") { $0 == "same-settings" }
        }
    }

    enum Suspension: CaseIterable, Sendable {
        case controlZ, signal
    }

    @Test(arguments: Suspension.allCases)
    func `a suspended view gives the terminal back, and takes it again`(how: Suspension) async throws {
        try await Terminal.open { terminal in
            let file = "/tmp/faultline-stty-$$"
            try await terminal.enter("set -m; stty -a > \(file).before; \(Terminal.faultline) top --local --comm none-such; echo status=$?")
            try await terminal.wait(for: "none lost")
            let (controller, _) = try await terminal.processes()
            switch how {
            case .controlZ: try await terminal.press("C-z")
            case .signal: _ = try await Terminal.run("kill", ["-TSTP", controller])
            }
            try await terminal.wait(for: "status=") { $0.hasPrefix("status=") }
            #expect(try await terminal.fact("alternate_on") == "0")
            #expect(try await terminal.fact("cursor_flag") == "1")
            try await terminal.enter("stty -a | cmp - \(file).before && echo same-settings")
            try await terminal.wait(for: "same-settings") { $0 == "same-settings" }
            try await Task.sleep(for: .seconds(1))
            try await terminal.enter("clear; fg; echo again=$?")
            try await terminal.wait(untilScreen: "the view") { $0.first?.contains("none lost") == true && $0.last?.hasPrefix(" ? help") == true }
            #expect(try await terminal.fact("alternate_on") == "1")
            #expect(try await terminal.fact("cursor_flag") == "0")
            try await terminal.press("q")
            #expect(try await terminal.wait(for: "again=") { $0.hasPrefix("again=") } == "again=0")
            try await terminal.enter("stty -a | cmp - \(file).before && echo the-same; rm \(file).before")
            try await terminal.wait(for: "the-same") { $0 == "the-same" }
        }
    }

    @Test func `what the trace came to is said on the old screen`() async throws {
        try await Terminal.open { terminal in
            try await terminal.enter("\(Terminal.faultline) top --local --comm none-such")
            try await terminal.wait(for: "none lost")
            try await terminal.press("q")
            try await terminal.wait(for: "0 page faults in")
        }
    }

    @Test func `an error is said on the old screen, and not on top of the view`() async throws {
        try await Terminal.open { terminal in
            try await terminal.enter("FAULTLINE_TOKEN=x \(Terminal.faultline) top --connect 127.0.0.1:1; echo status=$?")
            try await terminal.wait(for: "cannot reach an agent at 127.0.0.1:1")
            try await terminal.wait(for: "status=1")
            #expect(try await terminal.fact("alternate_on") == "0")
            #expect(try await terminal.fact("cursor_flag") == "1")
        }
    }

    @Test(arguments: ["| cat", "< /dev/null"])
    func `where there is no terminal it says so in a sentence`(redirection: String) async throws {
        try await Terminal.open(width: 200) { terminal in
            try await terminal.enter("(\(Terminal.faultline) top --local; echo status=$?) \(redirection)")
            try await terminal.wait(for: "top draws on a terminal, and standard input or output is none; use stat")
            try await terminal.wait(for: "status=2") { $0 == "status=2" }
        }
    }

    @Test func `a terminal that cannot move its cursor is refused in a sentence`() async throws {
        try await Terminal.open(width: 200) { terminal in
            try await terminal.enter("TERM=dumb \(Terminal.faultline) top --local; echo status=$?")
            try await terminal.wait(for: "top moves the cursor, and this terminal cannot, as TERM says")
            try await terminal.wait(for: "status=2") { $0 == "status=2" }
        }
    }
}
