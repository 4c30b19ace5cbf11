import ArgumentParser
import DeviceLink

/// `[TARGET…]` of a dashboard, which can have several.
struct ServeTargets: ParsableArguments {
    @Flag(name: .customLong("local"), help: "Trace this Linux machine.")
    var isLocal = false

    @Option(
        name: .customLong("device"),
        help: ArgumentHelp("Trace the adb device of this serial; may be given several times. (default: the only one)", valueName: "serial"))
    var devices: [String] = []

    @Flag(help: "Trace every device that adb reaches now.")
    var all = false

    @Option(
        help: ArgumentHelp(
            "Trace through an agent that listens there; its token is in FAULTLINE_TOKEN or --token-file. May be given several times.",
            valueName: "host:port"))
    var connect: [Endpoint] = []

    @Option(help: ArgumentHelp("The file that holds the agents' token.", valueName: "file"), completion: .file())
    var tokenFile: String?

    @Option(help: ArgumentHelp("The adb program. (default: $ADB, else the one on PATH)", valueName: "path"), completion: .file())
    var adb: String?

    /// Whether a target was named.
    var isNamed: Bool { isLocal || all || !devices.isEmpty || !connect.isEmpty }

    func validate() throws {
        if tokenFile != nil, connect.isEmpty { throw ValidationError("--token-file only goes with --connect.") }
        if Set(devices).count < devices.count || Set(connect.map(\.description)).count < connect.count {
            throw ValidationError("A target is named twice; name each once.")
        }
        if all, !devices.isEmpty { throw ValidationError("--all is every device; leave out --device.") }
    }

    /// Each target for itself.
    func list() async throws -> [TargetOptions] {
        let adb = self.adb.map { ["--adb", $0] } ?? []
        var serials = devices
        if all {
            serials = try await ADB.find(self.adb).devices().filter { $0.state.isUsable }.map(\.serial)
            if serials.isEmpty, !isLocal, connect.isEmpty { throw DeviceError.noDevices }
        }
        let agents = connect.map { ["--connect", "\($0)"] + (tokenFile.map { ["--token-file", $0] } ?? []) }
        let arguments = (isLocal ? [["--local"]] : []) + serials.map { ["--device", $0] + adb } + agents
        return try (isNamed ? arguments : [adb]).map { try TargetOptions.parse($0) }
    }
}
