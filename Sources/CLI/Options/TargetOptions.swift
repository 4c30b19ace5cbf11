import ArgumentParser
import DeviceLink

/// The machine to trace.
enum Target: Equatable, Sendable {
    /// An agent started on this machine.
    case local
    /// An agent that someone started; its token comes from a file, or else from FAULTLINE_TOKEN.
    case agent(Endpoint, tokenFile: String?)
    /// Nothing was said.
    case unnamed
}

/// `[TARGET]`: one of `--local` and `--connect`.
struct TargetOptions: ParsableArguments {
    @Flag(name: .customLong("local"), help: "Trace this Linux machine.")
    var isLocal = false

    @Option(
        help: ArgumentHelp(
            "Trace through an agent that listens there; its token is in FAULTLINE_TOKEN or --token-file.",
            valueName: "host:port"))
    var connect: Endpoint?

    @Option(help: ArgumentHelp("The file that holds the agent's token.", valueName: "file"), completion: .file())
    var tokenFile: String?

    /// The target that the options name.
    var target: Target {
        if isLocal { return .local }
        if let connect { return .agent(connect, tokenFile: tokenFile) }
        return .unnamed
    }

    func validate() throws {
        if isLocal, connect != nil { throw ValidationError("Only one of --local and --connect can be traced.") }
        if tokenFile != nil, connect == nil { throw ValidationError("--token-file only goes with --connect.") }
    }
}
