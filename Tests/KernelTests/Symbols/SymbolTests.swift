import DeviceLink
import FaultModel
import Foundation
import Testing
import WireProtocol

/// Functions' names, asked of a real agent about real processes.
@Suite(.serialized, .timeLimit(.minutes(1))) struct SymbolTests {
    @Test(arguments: ["full", "shifted", "mini"])
    func `every function of a mapped library has its name`(shape: String) async throws {
        let library = try MappedLibrary(shape)
        try await Conversation.during { conversation in
            let symbols = try await conversation.ask(library.pid, library.path, library.functions.map { $0.offset + 2 })
            #expect(symbols.problem == "")
            #expect(symbols.list.map(\.name) == library.functions.map(\.name))
            #expect(symbols.list.map(\.start) == library.functions.map(\.offset))
            #expect(symbols.buildID.count == (shape == "shifted" ? 0 : 40))
            #expect(symbols.pid == library.pid)
            #expect(symbols.file == library.path)
        }
    }

    @Test func `without a symbol table the exported functions have names, and without any symbols the problem is told`() async throws {
        let (dynamic, none) = (try MappedLibrary("dynamic"), try MappedLibrary("none"))
        try await Conversation.during { conversation in
            let some = try await conversation.ask(dynamic.pid, dynamic.path, dynamic.functions.map(\.offset))
            #expect(some.list.map(\.name) == dynamic.functions.map { $0.isExported ? $0.name : "" })
            let symbols = try await conversation.ask(none.pid, none.path, none.functions.map(\.offset))
            #expect(symbols.problem == "it is stripped")
            #expect(symbols.list.isEmpty)
        }
    }

    @Test func `a file that was removed while it is mapped is read all the same`() async throws {
        let library = try MappedLibrary("mini", remove: true)
        #expect(!FileManager.default.fileExists(atPath: library.path))
        try await Conversation.during { conversation in
            let symbols = try await conversation.ask(library.pid, library.path + " (deleted)", library.functions.map(\.offset))
            #expect(symbols.list.map(\.name) == library.functions.map(\.name))
            let gone = try await conversation.ask(library.pid, library.path, [5])
            #expect(gone.problem == "it cannot be opened (ENOENT)")
        }
    }

    @Test func `a file that was replaced gives its own names, or none`() async throws {
        let library = try MappedLibrary("full", remove: true)
        let newer = try MappedLibrary("dynamic", copiedTo: library.path)
        defer { try? FileManager.default.removeItem(atPath: library.path) }
        let offsets = library.functions.map(\.offset)
        try await Conversation.during { conversation in
            let old = try await conversation.ask(library.pid, library.path, offsets, identity: library.identity)
            #expect(old.list.map(\.name) == library.functions.map(\.name))
            #expect(old.identity == library.identity)
            let new = try await conversation.ask(newer.pid, library.path, newer.functions.map(\.offset), identity: newer.identity)
            #expect(new.list.map(\.name) == newer.functions.map { $0.isExported ? $0.name : "" })
            library.end()
            let late = try await conversation.ask(library.pid, library.path, offsets, identity: library.identity)
            #expect(late.problem == "another file has its name by now")
        }
    }

    @Test func `a process that waits to be reaped has the names of its files`() async throws {
        let library = try MappedLibrary("full")
        var (child, end) = (pid_t(), siginfo_t())
        #expect(posix_spawn(&child, "/bin/true", nil, nil, [nil], nil) == 0)
        defer { waitpid(child, nil, 0) }
        #expect(waitid(P_PID, id_t(child), &end, WEXITED | WNOWAIT) == 0)
        let zombie = UInt32(child)
        try await Conversation.during { conversation in
            let symbols = try await conversation.ask(zombie, library.path, library.functions.map(\.offset))
            #expect(symbols.list.map(\.name) == library.functions.map(\.name), "\(symbols.problem)")
        }
    }

    @Test func `names can be asked for after the last fault, until the controller has no more questions`() async throws {
        let library = try MappedLibrary("full")
        try await Conversation.during { conversation in
            try await conversation.end()
            for function in library.functions {
                let symbols = try await conversation.ask(library.pid, library.path, [function.offset])
                #expect(symbols.list.map(\.name) == [function.name])
            }
            try await conversation.link.send(.stop)
            #expect(try await conversation.messages.next() == nil)
        }
    }

    @Test func `the kernel's functions have names, and vdso's`() async throws {
        let text = try ProcFile.text("/proc/kallsyms")
        let line = try #require(text.split(separator: "\n").first { $0.hasSuffix(" T handle_mm_fault") })
        let address = try #require(UInt64(line.prefix(16), radix: 16))
        try await Conversation.during { conversation in
            let kernel = try await conversation.ask(2, "[kernel]", [address, address + 8])
            #expect(kernel.list.map(\.name) == ["handle_mm_fault", "handle_mm_fault"])
            #expect(kernel.list.map(\.start) == [address, address])
            let vdso = try await conversation.ask(UInt32(getpid()), "[vdso]", (0..<256).map { $0 * 32 })
            #expect(vdso.list.contains { $0.name.hasSuffix("clock_gettime") })
        }
    }

    @Test func `more places than fit are refused, and too many questions at once`() async throws {
        let library = try MappedLibrary("full")
        try await Conversation.during { conversation in
            let much = try await conversation.ask(library.pid, library.path, Array(repeating: 0, count: 257))
            #expect(much.problem == "too many places are asked for at once")
            for _ in 0..<200 {
                try await conversation.link.send(.symbolise(Symbolise(pid: library.pid, file: library.path, offsets: [library.functions[0].offset])))
            }
            var problems: [String: Int] = [:]
            for _ in 0..<200 { problems[try await conversation.answer().problem, default: 0] += 1 }
            #expect(problems.keys.allSatisfy { ["", "too much is asked at once"].contains($0) })
            #expect(problems["", default: 0] >= 64)
        }
    }

    // MARK: What files do to their reader

    @Test func `a file that kills its reader is told, and the next one is read by the same process`() async throws {
        let library = try MappedLibrary("full")
        let slow = try SlowLibrary()
        defer { slow.remove() }
        try await Conversation.during { conversation in
            #expect(try await conversation.ask(2, library.path, [0]).problem == "")
            let reader = try conversation.symboliser
            for _ in 0..<3 {
                try await conversation.link.send(.symbolise(Symbolise(pid: 2, file: slow.path, offsets: [0x2000])))
                try await conversation.link.send(.symbolise(Symbolise(pid: library.pid, file: library.path, offsets: [library.functions[0].offset])))
                try await conversation.awaitReading(slow.path)
                kill(pid_t(reader), SIGSEGV)
                #expect(try await conversation.answer().problem == "it breaks what reads it")
                #expect(try await conversation.answer().list.map(\.name) == [library.functions[0].name])
            }
            #expect(try conversation.symboliser == reader)
        }
    }

    @Test func `a reader that is killed for good takes no trace along`() async throws {
        let library = try MappedLibrary("full")
        try await Conversation.during { conversation in
            kill(pid_t(try conversation.symboliser), SIGKILL)
            try await Task.sleep(for: .milliseconds(50))
            #expect(try await conversation.ask(library.pid, library.path, [0]).problem == "what reads files has ended")
            try await conversation.end()
        }
    }

    @Test func `dozens of broken files harm nobody`() async throws {
        let whole = try Data(contentsOf: URL(filePath: MappedLibrary.folder + "/mini.so"))
        try await Conversation.during { conversation in
            for piece in 1...48 {
                let file = try ScratchLibrary(whole.prefix(whole.count * piece / 48))
                defer { file.remove() }
                #expect(try await conversation.ask(2, file.path, [0x1100]).file == file.path)
            }
            try await conversation.end()
        }
    }

    // MARK: Its faults

    @Test(arguments: Device.ways + [Way(source: "perf_ring", transport: "perf_ring")])
    func `the reader's faults are none of the trace's`(way: Way) async throws {
        let start = Start(source: FaultSource(name: way.source), transport: way.hasChoice ? Transport(name: way.transport) : nil)
        let library = try MappedLibrary("full")
        try await Conversation.during(start) { conversation in
            for _ in 0..<3 { _ = try await conversation.ask(2, "[kernel]", [1]) }
            _ = try await conversation.ask(library.pid, library.path, [0])
            let reader = try conversation.symboliser
            let other = try await Tool.run(Device.workload, ["write", "100"])
            #expect(other.status == 0)
            try await conversation.end()
            #expect(try minorFaults(of: reader) > 500)
            #expect(conversation.faultsByProcess[reader] == nil)
            #expect(conversation.faultsByProcess.values.reduce(0, +) >= 100)
        }
    }

    private func minorFaults(of pid: UInt32) throws -> Int {
        let text = try ProcFile.text("/proc/\(pid)/stat")
        return try #require(text.split(separator: ")").last?.split(separator: " ")[7]).utf8.reduce(0) { $0 * 10 + Int($1) - 48 }
    }
}
