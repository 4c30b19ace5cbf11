/// Why an app cannot be launched. Each is one sentence that ends in what to do next.
public enum LaunchError: Error, Equatable, Sendable {
    /// The device has no `am`, or no `cmd`.
    case noActivityManager(serial: String)
    case notInstalled(String, serial: String)
    case noLauncher(String)
    case severalLaunchers(String)
    /// `am start` said this.
    case notStarted(Component, reason: String)
    case cannotDropCaches(serial: String, reason: String)
}

extension LaunchError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noActivityManager(let serial):
            "device \(serial) cannot launch apps: it has no 'cmd' and 'am'; name a device with Android 7 or newer with --device"
        case .notInstalled(let package, let serial):
            "package \(package) is not installed on device \(serial); 'adb shell pm list packages' tells the names of those that are"
        case .noLauncher(let package): "package \(package) has no activity that a launcher starts; name one as \(package)/ACTIVITY"
        case .severalLaunchers(let package):
            "package \(package) has several activities that a launcher starts; name one as \(package)/ACTIVITY"
        case .notStarted(let component, let reason): "\(component) was not started: \(reason); check the activity's name, or see 'adb logcat'"
        case .cannotDropCaches(let serial, let reason):
            "device \(serial) does not drop its caches: \(reason); leave out --cold, or reboot it before a cold launch"
        }
    }
}
