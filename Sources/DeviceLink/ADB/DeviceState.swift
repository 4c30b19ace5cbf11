/// What adb says of a device.
public enum DeviceState: Equatable, Sendable {
    case device, unauthorized, authorizing, offline, connecting, noPermissions
    case recovery, sideload, rescue, bootloader, host
    case other(String)

    /// The word that adb has for it.
    public var word: String {
        if case .other(let word) = self { return word }
        return Self.words.first { $0.state == self }?.word ?? ""
    }

    /// Whether commands can be run there.
    public var isUsable: Bool { self == .device }

    /// What stands in the way and what to do about it; nil where nothing does.
    public var obstacle: String? {
        switch self {
        case .device: nil
        case .unauthorized: "has not allowed this computer; unlock it and answer its question about USB debugging"
        case .authorizing: "is being asked to allow this computer; unlock it, answer and try again"
        case .offline: "does not answer; plug it in again, or run 'adb reconnect offline'"
        case .connecting: "is still connecting; wait a moment and try again"
        case .noPermissions: "may not be opened by this user; add a udev rule for it or become a member of the group plugdev"
        case .recovery: "is in recovery; boot Android with 'adb reboot'"
        case .sideload: "waits for a sideload; boot Android with 'adb reboot'"
        case .rescue: "is in rescue mode; boot Android with 'adb reboot'"
        case .bootloader: "is in its bootloader; boot Android with 'fastboot reboot'"
        case .host: "is a computer and no device; name another with --device"
        case .other(let word): "is in the state '\(word)', which faultline does not know; see 'adb devices -l'"
        }
    }

    /// A longer word stands before those that it begins with.
    static let words: [(word: String, state: DeviceState)] = [
        ("no permissions", .noPermissions), ("unauthorized", .unauthorized), ("authorizing", .authorizing), ("connecting", .connecting),
        ("bootloader", .bootloader), ("recovery", .recovery), ("sideload", .sideload), ("offline", .offline), ("rescue", .rescue),
        ("device", .device), ("host", .host),
    ]
}
