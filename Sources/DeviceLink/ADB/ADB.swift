import Subprocess
#if canImport(System)
import System
#else
import SystemPackage
#endif
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The user's own `adb` program.
public struct ADB: Sendable {
    /// Answers longer than this are cut; no command that we give has one.
    static let answerLimit = 4 << 20
    /// How long a command may take that has nothing to carry and nobody to wait for.
    public static let patience = Duration.seconds(10)

    let path: String

    /// - Parameter path: a path, or a name to look up on PATH.
    public init(path: String) { self.path = path }

    /// The program that is named, else the one that the environment's ADB names, else the one on PATH.
    public static func find(_ named: String?) -> ADB { ADB(path: named ?? getenv("ADB").map { String(cString: $0) } ?? "adb") }

    /// The device that the environment's ANDROID_SERIAL names, as adb itself takes it.
    public static var serialInEnvironment: String? {
        getenv("ANDROID_SERIAL").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Runs `adb ARGUMENTS…`.
    ///
    /// - Parameters:
    ///   - what: the command's purpose as "cannot …" goes on, for errors.
    /// - Throws: `DeviceError.noADB` where there is no such program, `DeviceError.timedOut` when the limit has passed.
    public func run(
        _ arguments: [String], to what: String, input: ShellInput = .none, within limit: Duration = ADB.patience
    ) async throws -> ShellResult {
        guard let result = try await beforeDeadline(limit, { try await start(arguments, input) }) else {
            throw DeviceError.timedOut(what, after: limit)
        }
        return result
    }

    /// All that is attached.
    public func devices() async throws -> [ListedDevice] {
        let result = try await run(["devices", "-l"], to: "list devices", within: .seconds(20))
        guard result.status == 0 else { throw DeviceError.adbFailed("list devices", reason: result.reason) }
        return ListedDevice.all(in: result.output)
    }

    var executable: Executable { path.contains("/") ? .path(FilePath(path)) : .name(path) }

    private func start(_ arguments: [String], _ input: ShellInput) async throws -> ShellResult {
        switch input {
        case .none: try await start(arguments, NoInput.none)
        case .text(let text): try await start(arguments, StringInput.string(text))
        case .file(let path):
            try await start(
                arguments,
                FileDescriptorInput.fileDescriptor(try .open(FilePath(path), .readOnly), closeAfterSpawningProcess: true))
        }
    }

    private func start(_ arguments: [String], _ input: some InputProtocol) async throws -> ShellResult {
        do {
            let result = try await Subprocess.run(
                executable, arguments: Arguments(arguments), platformOptions: .apart, input: input,
                output: .string(limit: Self.answerLimit), error: .string(limit: Self.answerLimit))
            return ShellResult(
                status: result.terminationStatus.exitStatus, output: result.standardOutput,
                errors: result.standardError)
        } catch is SubprocessError {
            try Task.checkCancellation()
            throw DeviceError.noADB(path)
        }
    }
}

/// What a command reads.
public enum ShellInput: Equatable, Sendable {
    case none
    case text(String)
    /// The contents of a file of this machine.
    case file(String)
}

/// What a command came to.
public struct ShellResult: Equatable, Sendable {
    /// Its exit status; 128 and the signal where one ended it.
    public var status: Int32
    public var output: String
    public var errors: String

    public init(status: Int32, output: String, errors: String = "") {
        self.status = status
        self.output = output
        self.errors = errors
    }

    /// Why it failed, in its own last words.
    public var reason: String {
        let lines = (errors + "\n" + output).split(whereSeparator: \.isNewline).map(\.trimmed)
        let said = lines.filter { !$0.isEmpty && !$0.hasPrefix("*") && !$0.hasSuffix("skipped.") && !$0.contains(" file pushed") }
        let line = said.first { $0.contains("error") || $0.contains("rror:") } ?? said.first
        return line.map { String($0).withoutPrefixes } ?? "it ended with status \(status)"
    }
}

extension String {
    /// Without the `adb: error: ` that adb begins its sentences with.
    fileprivate var withoutPrefixes: String {
        ["adb: ", "error: "].reduce(self) { $0.hasPrefix($1) ? String($0.dropFirst($1.count)) : $0 }
    }
}

extension TerminationStatus {
    var exitStatus: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}

extension PlatformOptions {
    /// In a session of its own, where a Ctrl-C that is meant for us does not reach it.
    static var apart: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = true
        return options
    }
}

/// What `body` returns, or nil when the limit has passed before; `body` is then cancelled and waited for.
func beforeDeadline<Result: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result? {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
    }
}
