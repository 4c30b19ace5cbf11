import ArgumentParser
import DeviceLink

/// The machine to trace.
enum Target: Equatable, Sendable {
    /// An agent started on this machine.
    case local
    /// An agent that is brought to a device of adb's; nil: the only one.
    case device(serial: String?)
    /// An agent that someone started; its token comes from a file, or else from FAULTLINE_TOKEN.
    case agent(Endpoint, tokenFile: String?)
}

/// `[TARGET]`: one of `--local`, `--device` and `--connect`; without one, the only adb device.
struct TargetOptions: ParsableArguments {
    @Flag(name: .customLong("local"), help: "Trace this Linux machine.")
    var isLocal = false

    @OptionGroup var device: DeviceOptions

    @Option(
        name: .customLong("connect"),
        help: ArgumentHelp(
            "Trace through an agent that listens there; its token is in FAULTLINE_TOKEN or --token-file.",
            valueName: "host:port"))
    var agents: [Endpoint] = []

    @Option(help: ArgumentHelp("The file that holds the agent's token.", valueName: "file"), completion: .file())
    var tokenFile: String?

    /// The agent that is meant.
    var connect: Endpoint? { agents.first }

    /// The target that the options name.
    var target: Target {
        if isLocal { return .local }
        if let connect { return .agent(connect, tokenFile: tokenFile) }
        return .device(serial: device.serial)
    }

    /// Whether a target was named.
    var isNamed: Bool { isLocal || connect != nil || device.serial != nil }

    func validate() throws {
        if agents.count > 1 { throw DeviceOptions.tooMany }
        let named = [isLocal, connect != nil, device.serial != nil].count { $0 }
        if named > 1 { throw ValidationError("Only one of --local, --device and --connect can be traced.") }
        if tokenFile != nil, connect == nil { throw ValidationError("--token-file only goes with --connect.") }
        if isLocal || connect != nil, device.adb != nil || device.keep {
            throw ValidationError("--adb and --keep only go with a device of adb's.")
        }
    }
}

/// A device of adb's.
struct DeviceOptions: ParsableArguments {
    /// An option that is given again would go over the one before without a word.
    static let tooMany = ValidationError("One target is traced at a time; name one, or look at several with 'faultline serve'.")

    @Option(
        name: .customLong("device"),
        help: ArgumentHelp("Trace the adb device of this serial; see 'faultline devices'. (default: the only one)", valueName: "serial"))
    var serials: [String] = []

    @Option(
        help: ArgumentHelp("The adb program. (default: $ADB, else the one on PATH)", valueName: "path"), completion: .file())
    var adb: String?

    @Flag(help: "Leave the agent's file on the device, so that it need not be brought again.")
    var keep = false

    /// The one that is meant; nil: the only one.
    var serial: String? { serials.first }

    func validate() throws {
        if serials.count > 1 { throw Self.tooMany }
    }
}
