import Foundation
import Subprocess
import SystemPackage
import Testing

/// One line of `trace --format json`, as far as the tests look at it.
struct Event: Decodable {
    var time_ns: UInt64
    var pid: UInt32
    var tid: UInt32
    var uid: UInt32
    var comm: String
    var process: String
    var address: String
    var ip: String
    var mode: String?
    var access: String?
    var present: Bool?
    var error_code: ErrorCode?
    var flags: [String]?
    var outcome: String?
    var latency_ns: UInt64?
    var cause: String?
    var weight: UInt32?
    var mapping: Place?
    var ip_mapping: Place?
    var stack: [Frame]?
    var stack_truncated: Bool?
    var kernel_stack: [Frame]?

    struct Place: Decodable, Hashable {
        var name: String
        var offset: String
        var region: String?
        var symbol: String?
    }

    struct Frame: Decodable {
        var address: String
        var mapping: String?
        var offset: String?
        var symbol: String?
    }

    struct ErrorCode: Decodable {
        var kind: String
    }

    var page: UInt64 { UInt64(address.dropFirst(2), radix: 16)! & ~(Device.pageSize - 1) }
}

extension Event {
    /// Of a fault in the workload's anonymous memory: whether its process, its place and its instruction are known.
    var isAttributed: Bool { process == comm && mapping?.region == "anonymous" && ip_mapping?.name.hasSuffix("/faults") == true }
}

struct Gap: Decodable {
    var count: UInt64
    var time_ns: UInt64
}

struct Interruption: Decodable {
    var since_ns: UInt64
    var until_ns: UInt64
    var reason: String
}

struct Summary: Decodable {
    struct Command: Decodable {
        var status: Int
        var minor_faults: UInt64
        var major_faults: UInt64
    }

    struct Process: Decodable {
        var pid: UInt32
        var process: String?
        var package: String?
        var command_line: String?
        var executable: String?
        var parent: UInt32?
        var born_ns: UInt64?
        var ended_ns: UInt64?
        var minor_fault_time_ns: UInt64
        var cpu_time_ns: UInt64?
        var cpu_time_is_lower_bound: Bool
    }

    struct Agent: Decodable {
        var cpu_time_ns: UInt64
        var resident_bytes: UInt64
    }

    var events: UInt64
    var lost: UInt64
    var held_back: UInt64
    var sample: UInt32
    var source: String
    var transport: String
    var columns: [String]
    var duration_ns: UInt64
    var complete: Bool
    var process_count: Int
    var by_process: [Process]
    var agent: Agent?
    var stacks_lost: UInt64?
    var command: Command?
}

/// What a run of the controller came to.
struct Run {
    var status: Int32
    var events: [Event] = []
    var gaps: [Gap] = []
    var interruptions: [Interruption] = []
    var summary: Summary?
    var errors: String

    /// Events at one phase's addresses.
    func events(at base: UInt64) -> [Event] { events.filter { base..<base + 0x1_0000_0000 ~= $0.page } }

    var lost: UInt64 { gaps.reduce(0) { $0 + $1.count } }
}

/// The controller and the workload as processes.
enum Tool {
    /// `faultline trace TARGET … --format json -- faults …`.
    static func trace(_ options: [String], _ phases: [String]) async throws -> Run {
        try await trace(options + ["--", Device.workload] + phases)
    }

    static func trace(_ options: [String], on target: [String] = Device.target) async throws -> Run {
        try parsed(try await faultline(["trace"] + target + ["--format", "json"] + options))
    }

    /// An agent serves one controller and ends. On another machine the next one takes a moment, in which the old one still
    /// detaches, or QEMU accepts connections that nobody answers.
    static func faultline(_ arguments: [String]) async throws -> Output {
        var output = try await run(Device.faultline, arguments)
        let signs = ["before the trace began", "serves another controller"]
        for _ in 0..<40 where output.status == 1 && signs.contains(where: output.errors.contains) {
            try await Task.sleep(for: .milliseconds(250))
            output = try await run(Device.faultline, arguments)
        }
        return output
    }

    struct Output {
        var status: Int32
        var text: String
        var errors: String
    }

    static func run(_ program: String, _ arguments: [String], environment: Environment = .inherit) async throws -> Output {
        let result = try await Subprocess.run(
            .path(FilePath(program)), arguments: Arguments(arguments), environment: environment, input: .none,
            output: .string(limit: 1 << 30), error: .string(limit: 1 << 20))
        return Output(
            status: result.terminationStatus.shellStatus, text: result.standardOutput ?? "",
            errors: result.standardError ?? "")
    }

    static func parsed(_ output: Output) throws -> Run {
        var run = Run(status: output.status, errors: output.errors)
        let decoder = JSONDecoder()
        for line in output.text.utf8.split(separator: UInt8(ascii: "\n")) {
            let line = Data(line)
            if line.starts(with: #"{"summary""#.utf8) {
                run.summary = try decoder.decode([String: Summary].self, from: line)["summary"]
            } else if line.starts(with: #"{"lost""#.utf8) {
                run.gaps.append(try #require(try decoder.decode([String: Gap].self, from: line)["lost"]))
            } else if line.starts(with: #"{"interrupted""#.utf8) {
                run.interruptions.append(try #require(try decoder.decode([String: Interruption].self, from: line)["interrupted"]))
            } else {
                run.events.append(try decoder.decode(Event.self, from: line))
            }
        }
        return run
    }
}

extension TerminationStatus {
    /// As a shell gives it.
    var shellStatus: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}

/// BPF programs that are loaded on this machine.
func loadedPrograms() async throws -> Set<String> {
    let output = try await Tool.run("build/tests/faults", ["programs", "0"])
    return Set(output.text.split(separator: "\n").map(String.init))
}
