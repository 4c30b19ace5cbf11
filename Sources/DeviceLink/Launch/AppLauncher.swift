/// Starts and ends apps on a device, as root, so that activities that others may not start can be started too.
public struct AppLauncher: Sendable {
    public let device: Device

    /// Android itself gives up on an activity after some ten seconds.
    private static let patience = Duration.seconds(60)

    public init(_ device: Device) { self.device = device }

    /// The activity that a launcher would start.
    ///
    /// - Throws: `LaunchError`, `DeviceError`.
    public func launcherActivity(of package: String) async throws -> Component {
        let result = try await run(["cmd", "package", "resolve-activity", "--brief", package])
        switch LauncherActivity(result.output, of: package) {
        case .found(let component): return component
        case .none: throw LaunchError.noLauncher(package)
        case .several: throw LaunchError.severalLaunchers(package)
        }
    }

    /// - Throws: `LaunchError.notInstalled`, `LaunchError.noActivityManager`, `DeviceError`.
    public func requireInstalled(_ package: String) async throws {
        let result = try await run(["cmd", "package", "path", package])
        guard result.output.contains("package:") else { throw LaunchError.notInstalled(package, serial: device.serial) }
    }

    /// Ends all of an app's processes.
    public func stop(_ package: String) async throws { _ = try await run(["am", "force-stop", package]) }

    /// Has the kernel forget the files' pages, directory entries and inodes that it could read again.
    ///
    /// - Throws: `LaunchError.cannotDropCaches`, `DeviceError`.
    public func dropCaches() async throws {
        let line = "sync; echo 3 >/proc/sys/vm/drop_caches"
        let result = try await device.root.run(line, to: "drop the device's caches", within: Self.patience)
        if result.status != 0 { throw LaunchError.cannotDropCaches(serial: device.serial, reason: result.reason) }
    }

    /// Starts an activity and waits until it is drawn.
    ///
    /// - Throws: `LaunchError.notStarted`, `DeviceError`.
    public func start(_ component: Component) async throws -> LaunchedActivity {
        let result = try await device.root.run(
            LaunchedActivity.line(component), to: "start \(component)", within: Self.patience)
        do throws(ActivityStart.Failure) {
            return try LaunchedActivity(result.output)
        } catch {
            throw LaunchError.notStarted(component, reason: error.reason)
        }
    }

    private func run(_ command: [String]) async throws -> ShellResult {
        let result = try await device.root.run(command, within: Self.patience)
        if result.status == 127 { throw LaunchError.noActivityManager(serial: device.serial) }
        return result
    }
}
