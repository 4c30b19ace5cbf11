import ArgumentParser
import DeviceLink

/// The machine to trace.
enum Target: Equatable, Sendable {
    /// An agent started on this machine.
    case local
    /// A device by its adb serial number.
    case device(serial: String)
    /// An agent that someone started; its token comes from a file, or else from FAULTLINE_TOKEN.
    case agent(Endpoint, tokenFile: String?)
    /// Nothing was said: the only device that adb has.
    case onlyDevice
}

/// `[TARGET]`: at most one of `--local`, `--device` and `--connect`.
struct TargetOptions: ParsableArguments {
    @Flag(name: .customLong("local"), help: "Trace this Linux machine.")
    var isLocal = false

    @Option(help: ArgumentHelp("Trace the device that adb knows by this serial number.", valueName: "serial"))
    var device: String?

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
        if let device { return .device(serial: device) }
        if let connect { return .agent(connect, tokenFile: tokenFile) }
        return .onlyDevice
    }

    func validate() throws {
        let named = [isLocal, device != nil, connect != nil].filter { $0 }
        if named.count > 1 { throw ValidationError("Only one of --local, --device and --connect can be traced.") }
        if device == "" { throw ValidationError("--device needs a serial number; `faultline devices` lists them.") }
        if tokenFile != nil, connect == nil { throw ValidationError("--token-file only goes with --connect.") }
    }
}
