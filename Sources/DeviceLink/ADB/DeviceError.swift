/// Why a device cannot be used. Each is one sentence that ends in what to do next.
public enum DeviceError: Error, Equatable, Sendable {
    case noADB(String)
    case adbFailed(String, reason: String)
    case timedOut(String, after: Duration)
    case noDevices
    case severalDevices([ListedDevice])
    case notAttached(String, attached: [ListedDevice])
    case unusable(ListedDevice)
    case noRoot(serial: String)
    /// `adb root` or su answered with this.
    case rootRefused(serial: String, reason: String)
    case rootUnanswered(serial: String)
    case noAgentFor(machine: String)
    /// No folder takes the agent and lets it run; each with the reason.
    case noPlace(serial: String, reasons: [String])
    case agentFailed(serial: String, reason: String)
    case portTaken(serial: String, port: UInt16)
}

extension DeviceError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noADB(let path):
            "there is no \(path) to reach a device with; install Android's platform tools or name the program with --adb"
        case .adbFailed(let what, let reason): "adb cannot \(what): \(reason); check the cable and 'adb devices'"
        case .timedOut(let what, let limit):
            "adb could not \(what) within \(limit.components.seconds) s; check the cable, or run 'adb reconnect', and try again"
        case .noDevices:
            "no adb device is attached; attach one, or say --local for this machine or --connect HOST:PORT for an agent elsewhere"
        case .severalDevices(let devices):
            "several devices are attached: \(Self.list(devices)); name one with --device SERIAL, or say --local for this machine"
        case .notAttached(let serial, let devices):
            "there is no device \(serial)\(devices.isEmpty ? "" : " but \(Self.list(devices))"); attach it, or 'adb connect' it"
        case .unusable(let device): "device \(device.serial) \(device.state.obstacle ?? "is usable; try again")"
        case .noRoot(let serial):
            "device \(serial) gives no root, which tracing needs; root it (Magisk, KernelSU) or use a userdebug build or an emulator"
        case .rootRefused(let serial, let reason):
            "device \(serial) refuses root: \(reason); allow it for the shell in the root manager's list of apps"
        case .rootUnanswered(let serial):
            "su on device \(serial) does not answer; unlock the device and allow root for the shell, then try again"
        case .noAgentFor(let machine):
            "there is no agent for the processor '\(machine)'; use a device with a 64-bit ARM or x86 kernel"
        case .noPlace(let serial, let reasons):
            "no folder of device \(serial) takes the agent: \(reasons.joined(separator: ", ")); make room in /data/local/tmp"
        case .portTaken(let serial, let port):
            "port \(port) of device \(serial) is taken; end the agent there with 'faultline agent stop', or choose another with --port"
        case .agentFailed(let serial, let reason): "the agent does not start on device \(serial): \(reason); try 'faultline agent status'"
        }
    }

    private static func list(_ devices: [ListedDevice]) -> String {
        devices.map { $0.state.isUsable ? $0.serial : "\($0.serial) (\($0.state.word))" }.joined(separator: ", ")
    }
}
