/// A device that adb reaches.
public struct ADBDevice: Sendable {
    public let adb: ADB
    public let serial: String

    public init(adb: ADB, serial: String) {
        self.adb = adb
        self.serial = serial
    }

    /// Runs `adb -s SERIAL ARGUMENTS…`.
    public func run(_ arguments: [String], input: String = "") async throws -> ShellResult {
        try await adb.run(["-s", serial] + arguments, input: input)
    }

    /// Runs a line of the device's shell as whoever adb's shell is there.
    public func shell(_ line: String, input: String = "") async throws -> ShellResult {
        try await run(["shell", line], input: input)
    }
}
