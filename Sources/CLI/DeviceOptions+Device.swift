import DeviceLink

extension DeviceOptions {
    /// The device that is meant, with root.
    ///
    /// - Throws: `DeviceError`.
    func reach() async throws -> Device {
        let adb = ADB.find(self.adb)
        let chosen = try DeviceChoice.choose(serial ?? ADB.serialInEnvironment, among: try await adb.devices())
        return try await Device.reach(ADBDevice(adb: adb, serial: chosen.serial), note: Self.note)
    }

    /// What is worth knowing, for people.
    static let note: @Sendable (String) -> Void = { Console.error("faultline: \($0)") }
}
