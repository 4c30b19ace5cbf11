import Subprocess
#if canImport(System)
import System
#else
import SystemPackage
#endif

/// The user's own `adb` program.
public struct ADB: Sendable {
    /// Answers longer than this are cut; no command that we give has one.
    static let answerLimit = 4 << 20

    private let path: String

    /// - Parameter path: a path, or a name to look up on PATH.
    public init(path: String) { self.path = path }

    /// Runs `adb ARGUMENTS…`.
    ///
    /// - Throws: `LinkError.cannotRun` where there is no such program.
    public func run(_ arguments: [String], input: String = "") async throws -> ShellResult {
        do {
            let result = try await Subprocess.run(
                path.contains("/") ? .path(FilePath(path)) : .name(path), arguments: Arguments(arguments),
                input: .string(input), output: .string(limit: Self.answerLimit), error: .string(limit: Self.answerLimit))
            return ShellResult(
                status: result.terminationStatus.exitStatus, output: result.standardOutput ?? "",
                errors: result.standardError ?? "")
        } catch let error as SubprocessError {
            throw LinkError.cannotRun(path, reason: "\(error)")
        }
    }
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
}

extension TerminationStatus {
    fileprivate var exitStatus: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}
