/// A device that adb reaches.
public struct ADBDevice: Sendable {
    public let adb: ADB
    public let serial: String

    public init(adb: ADB, serial: String) {
        self.adb = adb
        self.serial = serial
    }

    /// Runs `adb -s SERIAL ARGUMENTS…`; see `ADB.run`.
    public func run(
        _ arguments: [String], to what: String, input: ShellInput = .none, within limit: Duration = ADB.patience
    ) async throws -> ShellResult {
        try await adb.run(["-s", serial] + arguments, to: what, input: input, within: limit)
    }

    /// Runs a line of the device's shell as whoever adb's shell is there; see `ADB.run`.
    public func shell(
        _ line: String, to what: String = "run a command", input: ShellInput = .none, within limit: Duration = ADB.patience
    ) async throws -> ShellResult {
        try await run(["shell", line], to: what, input: input, within: limit)
    }

    /// What the device is.
    public func profile() async throws -> DeviceProfile {
        let result = try await shell(DeviceProfile.questions, to: "ask what the device is")
        guard let profile = DeviceProfile(answer: result.output) else {
            throw DeviceError.adbFailed("ask what device \(serial) is", reason: result.reason)
        }
        return profile
    }
}
