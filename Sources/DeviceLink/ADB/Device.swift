/// A device on which we are root.
public struct Device: Sendable {
    /// Its shell as the ordinary user, and adb's commands.
    public let adb: ADBDevice
    public let profile: DeviceProfile
    public let root: RootShell

    public var serial: String { adb.serial }

    /// Finds out what the device is and how root is had there. Where nothing but `adb root` remains and the build allows it, that is done.
    ///
    /// - Parameter note: told in a sentence what is worth knowing.
    /// - Throws: `DeviceError`.
    public static func reach(_ adb: ADBDevice, note: @Sendable (String) -> Void) async throws -> Device {
        let search = RootSearch(device: adb)
        async let profile = adb.profile()
        async let finding = search.search()
        let known = try await profile
        let way = try await way(finding, known, search, note)
        return Device(adb: adb, profile: known, root: RootShell(device: adb, way: way))
    }

    private static func way(
        _ finding: RootSearch.Finding, _ profile: DeviceProfile, _ search: RootSearch, _ note: (String) -> Void
    ) async throws -> RootWay {
        let serial = search.device.serial
        switch finding {
        case .way(let way): return way
        case .refused(let words) where !profile.isDebuggable: throw DeviceError.rootRefused(serial: serial, reason: words)
        case .none where !profile.isDebuggable: throw DeviceError.noRoot(serial: serial)
        case .refused, .none:
            try await search.restartAsRoot()
            note("adb on device \(serial) now runs as root; 'adb unroot' ends that")
            return .shell
        }
    }
}
