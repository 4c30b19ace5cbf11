import Foundation
import Subprocess
import SystemPackage
import Testing

/// The guest's devices, as `Tests/Device/with` describes them in the environment.
enum Lab {
    static let faultline = variable("FAULTLINE_UNDER_TEST")
    static let workload = "/payload/faults"
    static let qemu = pid_t(variable("FAULTLINE_QEMU"))!

    /// Of sources that work there the one that an emulated machine tries out soonest, where it does not matter which.
    static let quickStart = ["--source", "perf_bpf", "--no-symbols"]

    /// Has events at once, and then goes on for a minute.
    static func longTrace(on name: String) -> [String] {
        ["trace", "--device", serial(name), "--format", "json"] + quickStart + ["--", workload, "write", "10", "sleep", "60000"]
    }

    /// A device's serial by its name in `Tests/Device/with`.
    static func serial(_ name: String) -> String {
        let pairs = variable("FAULTLINE_DEVICES").split(separator: " ").map { $0.split(separator: "=") }
        return String(pairs.first { $0[0] == name }![1])
    }

    private static func variable(_ name: String) -> String {
        guard let value = ProcessInfo.processInfo.environment[name] else {
            fatalError("\(name) is not set; run the tier with 'Tests/run device'")
        }
        return value
    }

    // MARK: Programs

    struct Output {
        var status: Int32
        var text: String
        var errors: String
    }

    static func run(_ program: String, _ arguments: [String], environment: Environment = .inherit) async throws -> Output {
        let result = try await Subprocess.run(
            program.contains("/") ? .path(FilePath(program)) : .name(program), arguments: Arguments(arguments),
            environment: environment, input: .none, output: .string(limit: 1 << 28), error: .string(limit: 1 << 20))
        return Output(
            status: result.terminationStatus.shellStatus, text: result.standardOutput, errors: result.standardError)
    }

    /// Where other work holds up the emulator, loading the programs may take longer there than a controller waits.
    static func faultline(_ arguments: [String], environment: Environment = .inherit) async throws -> Output {
        var output = try await run(faultline, arguments, environment: environment)
        for _ in 0..<3 where output.errors.contains("the agent has said nothing for too long") {
            output = try await run(faultline, arguments, environment: environment)
        }
        return output
    }

    /// Runs the controller, and `meddle` as soon as it has written its first line, or at once.
    static func faultline(
        _ arguments: [String], fromFirstLine: Bool = true, _ meddle: @escaping @Sendable (pid_t) async throws -> Void
    ) async throws -> Output {
        let result = try await Subprocess.run(
            .path(FilePath(faultline)), arguments: Arguments(arguments), input: .none, output: .sequence, error: .string(limit: 1 << 20)
        ) { execution in
            var (text, isMeddled) = ("", false)
            if !fromFirstLine { try await meddle(execution.processIdentifier.value) }
            for try await line in execution.standardOutput.strings() {
                text += line.hasSuffix("\n") ? line : line + "\n"
                if fromFirstLine, !isMeddled {
                    isMeddled = true
                    try await meddle(execution.processIdentifier.value)
                }
            }
            return text
        }
        return Output(
            status: result.terminationStatus.shellStatus, text: result.closureResult, errors: result.standardError)
    }

    /// A line of a device's shell.
    @discardableResult
    static func shell(_ name: String, _ line: String) async throws -> Output {
        try await run("adb", ["-s", serial(name), "shell", line])
    }

    /// Until the device answers again, after its adbd was killed.
    static func awaitDevice(_ name: String) async throws {
        for _ in 0..<100 {
            let output = try await run("adb", ["connect", serial(name)])
            if output.text.contains("connected"), try await shell(name, "echo here").text.contains("here") { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        Issue.record("\(name) does not come back")
    }
}

extension TerminationStatus {
    var shellStatus: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}

// MARK: - What a trace came to

struct Event: Decodable {
    var time_ns: UInt64
    var address: String

    var page: UInt64 { UInt64(address.dropFirst(2), radix: 16)! & ~0xfff }
}

struct Summary: Decodable {
    var events: UInt64
    var lost: UInt64
    var complete: Bool
}

/// Of this time nothing is known.
struct Interruption: Decodable {
    var since_ns: UInt64
    var until_ns: UInt64
}

struct Trace {
    var status: Int32
    var events: [Event] = []
    var interruptions: [Interruption] = []
    var summary: Summary?
    var errors: String

    /// Where the workload's phase `write` has its pages.
    static let writeBase: UInt64 = 0x20_0000_0000

    var written: Set<UInt64> { Set(events.map(\.page).filter { Self.writeBase..<Self.writeBase + 0x1_0000_0000 ~= $0 }) }

    init(_ output: Lab.Output) throws {
        (status, errors) = (output.status, output.errors)
        for line in output.text.utf8.split(separator: UInt8(ascii: "\n")) {
            if line.starts(with: #"{"summary""#.utf8) {
                summary = try JSONDecoder().decode([String: Summary].self, from: Data(line))["summary"]
            } else if line.starts(with: #"{"interrupted""#.utf8) {
                interruptions += try JSONDecoder().decode([String: Interruption].self, from: Data(line)).values
            } else if !line.starts(with: #"{"lost""#.utf8) {
                events.append(try JSONDecoder().decode(Event.self, from: Data(line)))
            }
        }
    }

    /// `faultline trace --device NAME … -- faults write PAGES`, as JSON.
    static func pages(_ count: Int, on name: String, _ options: [String] = []) async throws -> Trace {
        let target = ["trace", "--device", Lab.serial(name), "--format", "json"]
        return try Trace(try await Lab.faultline(target + options + ["--", Lab.workload, "write", "\(count)"]))
    }
}
