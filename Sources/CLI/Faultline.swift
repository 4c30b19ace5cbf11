import ArgumentParser
import Dashboard
import DeviceLink
import Recording
import TerminalControl
import TerminalView

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// `faultline`: the commands, and the exit statuses that scripts may trust.
@main
struct Faultline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faultline",
        abstract: "Shows the page faults of a rooted Android device or a Linux machine, live.",
        version: version,
        subcommands: [
            TraceCommand.self, StatCommand.self, TopCommand.self, ServeCommand.self, LaunchCommand.self, ReportCommand.self, ExportCommand.self,
            PreflightCommand.self, DevicesCommand.self, AgentCommand.self,
        ])

    static let version = "0.1.0"

    static func main() async {
        Heap.shareArena()
        // A reader that went away is an error of the write, which is reported, and not a silent death.
        signal(SIGPIPE, SIG_IGN)
        if let sentence = OpenFiles.shortage() { fail(sentence) }
        do {
            try await running.value
        } catch {
            if running.isCancelled { exit(withError: ExitStatus.interrupted.code) }
            quit(error)
        }
    }

    /// The command, from when it is first asked for.
    static let running = Task {
        var command = try parseAsRoot()
        if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    }

    private static func quit(_ error: any Error) -> Never {
        switch error {
        case let code as ExitCode: exit(withError: code)
        case let error as LinkError: fail("\(error)")
        case let error as DeviceError: fail("\(error)", status: error.isChoice ? .usage : .failed)
        case let error as LaunchError: fail("\(error)")
        case OutputError.closed: exit(withError: ExitStatus.done.code)
        case let error as OutputError: fail("\(error)")
        case let error as TargetError: fail("\(error)", status: .usage)
        case let error as DashboardError: fail("\(error)")
        case let error as ListenError: fail("\(error)", status: .usage)
        case let error as TerminalError: fail("\(error)", status: .usage)
        case let error as DumpFileError: fail("\(error)", status: .usage)
        case let error as RecordingError: fail("\(error)", status: error.isWrongUse ? .usage : .failed)
        case let error as OutputFileError: fail("\(error)", status: .usage)
        default: exitForArguments(error)
        }
    }

    /// ArgumentParser's own ending, but with 2 for wrong usage.
    private static func exitForArguments(_ error: any Error) -> Never {
        let code = exitCode(for: error)
        guard code == .validationFailure else { exit(withError: error) }
        Console.error(fullMessage(for: error))
        exit(withError: ExitStatus.usage.code)
    }

    private static func fail(_ sentence: String, status: ExitStatus = .failed) -> Never {
        Console.error("faultline: " + SafeText.escaped(Array(sentence.utf8)))
        exit(withError: status.code)
    }
}

extension DeviceError {
    /// Whether it was not said which device is meant.
    fileprivate var isChoice: Bool {
        switch self {
        case .noADB, .noDevices, .severalDevices: true
        default: false
        }
    }
}

/// What the shell is told.
enum ExitStatus: Int32 {
    case done = 0
    /// The target cannot be traced, or the trace failed.
    case failed = 1
    case usage = 2
    /// Ended by a second Ctrl-C.
    case interrupted = 130

    var code: ExitCode { ExitCode(rawValue) }
}
