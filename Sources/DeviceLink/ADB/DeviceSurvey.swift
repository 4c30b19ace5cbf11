/// What `faultline devices` says of one.
public struct DeviceSurvey: Equatable, Sendable {
    public var device: ListedDevice
    /// nil where it cannot be asked.
    public var profile: DeviceProfile?
    /// How root is had, as one types it; nil where it is not.
    public var root: String?
    /// Why it cannot be traced and what to do about it; nil where it can.
    public var problem: String?

    /// Asks all devices at the same time, and changes nothing on them.
    public static func all(_ adb: ADB) async throws -> [DeviceSurvey] {
        let devices = try await adb.devices()
        return try await withThrowingTaskGroup(of: (Int, DeviceSurvey).self) { group in
            for (place, device) in devices.enumerated() {
                group.addTask { (place, try await survey(device, adb)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func survey(_ device: ListedDevice, _ adb: ADB) async throws -> DeviceSurvey {
        var survey = DeviceSurvey(device: device, problem: device.state.obstacle)
        guard device.state.isUsable else { return survey }
        let reached = ADBDevice(adb: adb, serial: device.serial)
        do {
            async let finding = RootSearch(device: reached).search()
            let profile = try await reached.profile()
            survey.profile = profile
            survey.judge(try await finding, profile)
        } catch let error as DeviceError {
            survey.problem = error.description
        }
        return survey
    }

    mutating func judge(_ finding: RootSearch.Finding, _ profile: DeviceProfile) {
        switch finding {
        case .way(let way): root = way.rawValue
        case .refused where profile.isDebuggable, .none where profile.isDebuggable: root = "adb root"
        case .refused(let words): problem = DeviceError.rootRefused(serial: device.serial, reason: words).description
        case .none: problem = DeviceError.noRoot(serial: device.serial).description
        }
        if profile.agentArchitecture == nil { problem = DeviceError.noAgentFor(machine: profile.machine).description }
    }
}
