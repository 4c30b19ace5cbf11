import ArgumentParser
import FaultModel
import Testing

@testable import CLI

struct FilterOptionsTests {
    private func filter(_ arguments: String...) throws -> FaultFilter { try FilterOptions.parse(arguments).filter }

    private func refusal(_ arguments: [String]) -> String {
        do {
            _ = try FilterOptions.parse(arguments)
            return "accepted"
        } catch {
            return FilterOptions.message(for: error)
        }
    }

    @Test func `nothing said means everything`() throws {
        #expect(try filter() == FaultFilter())
    }

    @Test func `every property has its option`() throws {
        var expected = FaultFilter()
        expected.pids = [12, 99, 4]
        expected.excludedPids = [5]
        expected.followsChildren = true
        expected.tids = [13, 14]
        expected.uids = [0, 10_123]
        expected.excludedUids = [1]
        expected.comms = ["Render*", "[a-z]?"]
        expected.excludedComms = ["kworker*"]
        expected.modes = [.user]
        expected.accesses = [.write, .execute]
        expected.present = false
        expected.addresses = 0x1000..<0x2000
        expected.outcomes = [.minor, .failed]
        expected.minimumLatencyNs = 1_500_000
        expected.sampleEvery = 100
        expected.rateLimit = 5000
        let filter = try filter(
            "--pid", "12,99", "--pid", "4", "--exclude-pid", "5", "--follow", "--uid", "0", "10123", "--exclude-uid",
            "1", "--comm", "Render*", "--comm", "[a-z]?", "--exclude-comm", "kworker*", "--mode", "user", "--access",
            "execute,write", "--access", "write", "--present", "no", "--address", "0x1000-0x2000",
            "--sample", "100", "--tid", "13,14", "--outcome", "failed,minor", "--min-latency", "1.5ms",
            "--rate-limit", "5000")
        #expect(filter == expected)
    }

    @Test(arguments: ["--pid", "--exclude-pid", "--tid", "--uid", "--exclude-uid"])
    func `no list is longer than the wire holds`(option: String) {
        let numbers = (1...65_536).map(String.init)
        #expect(refusal([option, numbers.dropLast().joined(separator: ",")]) == "accepted")
        #expect(refusal([option, numbers.joined(separator: ",")]).contains("\(option) was given 65536 values"))
    }

    @Test func `packages are named instead of users`() throws {
        #expect(try filter("--package", "com.a", "com.b").packages == ["com.a", "com.b"])
    }

    @Test(arguments: [
        (["--outcome", "major", "--no-outcome"], [], "--outcome asks how faults end, and --no-outcome leaves that out"),
        (["--min-latency", "1ms", "--no-outcome"], [], "--min-latency asks how faults end, and --no-outcome leaves that out"),
        (["--uid", "0", "--source", "perf_ring"], [], "cannot filter by user or package"),
        (["--exclude-uid", "0", "--source", "perf_ring"], [], "cannot filter by user or package"),
        (["--package", "com.a", "--source", "perf_ring"], [], "cannot filter by user or package"),
        (["--tid", "5"], ["ls"], "--tid and a command exclude each other"),
    ])
    func `what the kernel's part or a command contradicts is refused`(arguments: [String], command: [String], reason: String) throws {
        struct Trace: ParsableArguments {
            @OptionGroup var filters: FilterOptions
            @OptionGroup var kernel: SourceOptions
        }
        let trace = try Trace.parse(arguments)
        let error = #expect(throws: ValidationError.self) { try trace.filters.validate(with: trace.kernel, command: command) }
        #expect(error?.message.contains(reason) == true)
    }

    @Test(arguments: [
        (["--address", "0x2000-0x1000"], "the range is empty"),
        (["--address", "5-5"], "the range is empty"),
        (["--address", "5-6", "--address", "7-8"], "--address is one range, and was given 2 times"),
        (["--sample", "0"], "would pass no fault"),
        (["--pid", "0"], "is no process"),
        (["--tid", "0"], "is no thread"),
        (["--package", ""], "--package is empty"),
        (["--package", "com.a", "--uid", "10001"], "--package and --uid exclude each other"),
        (["--min-latency", "0ms"], "is every fault"),
        (["--min-latency", "5"], "is invalid for '--min-latency <100us>'"),
        (["--rate-limit", "0"], "would pass no fault"),
        (["--outcome", "ok"], "Please provide one of 'minor', 'major' or 'failed'"),
        (["--pid", "4,5", "--exclude-pid", "5"], "--pid wants 5, and --exclude-pid excludes it"),
        (["--uid", "0", "--exclude-uid", "0"], "--uid wants 0, and --exclude-uid excludes it"),
        (["--comm", "sh", "--exclude-comm", "sh"], "--comm wants sh, and --exclude-comm excludes it"),
        (["--comm", ""], "is empty"),
        (["--comm", "com.example.application"], "No thread is called com.example.application: names have 15 bytes"),
        (["--exclude-comm", "*sixteen-letters!"], "No thread is called *sixteen-letters!"),
        (["--comm"] + "abcde".map { String(repeating: $0, count: 15) }, "they take 80 positions of 64"),
        (["--access", "delete"], "Please provide one of 'read', 'write' or 'execute'"),
        (["--mode", "1"], "Please provide one of 'user' and 'kernel'"),
        (["--present", "maybe"], "Please provide one of 'yes' and 'no'"),
        (["--pid", "12,"], "is invalid for '--pid <n>'"),
        (["--pid", "-3"], "Missing value for '--pid <n>'"),
        (["--pid"], "--pid"),
    ])
    func `what cannot be is refused in one sentence`(arguments: [String], reason: String) {
        let message = refusal(arguments)
        #expect(message.contains(reason))
        #expect(!message.contains("\n"))
    }

    @Test func `lists end where the command begins`() throws {
        struct Trace: ParsableArguments {
            @OptionGroup var filters: FilterOptions
            @Argument(parsing: .postTerminator) var command: [String] = []
        }
        let trace = try Trace.parse(["--pid", "12", "99", "--", "5", "--pid", "7"])
        #expect(trace.filters.filter.pids == [12, 99])
        #expect(trace.command == ["5", "--pid", "7"])
    }
}

struct CommPatternTests {
    @Test(arguments: [
        ("*", 1), ("sh", 3), ("Render*", 7), ("a?c", 4), ("[a-z]x", 3), (#"\*\["#, 3), ("[]a]", 2), ("[!]a]", 2),
        ("[ab", 4), ("é", 3), ("[!a-z0-9]*", 2), ("\\", 2),
    ])
    func `every byte, mark and class takes a position, and the end one more`(pattern: String, positions: Int) {
        #expect(CommPattern(pattern).positions == positions)
    }
}
