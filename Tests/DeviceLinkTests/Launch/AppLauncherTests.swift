import Testing

@testable import DeviceLink

/// What becomes of the answers of `am` and `cmd`, with a program in adb's place.
struct AppLauncherTests {
    private func launcher(_ script: String, _ body: (AppLauncher) async throws -> Void) async throws {
        let root = "case $* in *'id -u'*) echo root=shell; exit;; *uname*) printf 'kernel=5.10.1\\nmachine=aarch64\\n'; exit;; esac\n"
        try await ADBStandIn.run(root + script) { standIn in
            try await body(AppLauncher(try await Device.reach(standIn.device) { _ in }))
        }
    }

    @Test func `an activity is started between two looks at the clock`() async throws {
        let script = """
            echo "$2" >line
            printf 'faultline_began=10.00\\nStatus: ok\\nTotalTime: 30\\nWaitTime: 40\\nfaultline_ended=10.10\\n'
            """
        try await launcher(script) { launcher in
            let activity = try await launcher.start(Component(package: "a.b", activity: ".C$D"))
            #expect(activity.start.totalMs == 30 && activity.startNs(bootNs: 0, wallClockNs: 0) == 10_060_000_000)
        }
        #expect(LaunchedActivity.line(Component(package: "a.b", activity: ".C$D")).contains("am start -W -n 'a.b/.C$D' 2>&1\n"))
    }

    @Test func `what is not installed, not there and not startable is told`() async throws {
        try await launcher("exit 1") { launcher in
            await #expect(throws: LaunchError.notInstalled("a.b", serial: "S")) { try await launcher.requireInstalled("a.b") }
            await #expect(throws: LaunchError.noLauncher("a.b")) { try await launcher.launcherActivity(of: "a.b") }
            let component = Component(package: "a.b", activity: ".C")
            await #expect(throws: LaunchError.notStarted(component, reason: "am says nothing")) { try await launcher.start(component) }
        }
        try await launcher("echo 'sh: cmd: not found' >&2; exit 127") { launcher in
            await #expect(throws: LaunchError.noActivityManager(serial: "S")) { try await launcher.requireInstalled("a.b") }
        }
        try await launcher("echo 'sh: cannot create /proc: Permission denied' >&2; exit 1") { launcher in
            await #expect(throws: LaunchError.self) { try await launcher.dropCaches() }
        }
    }

    @Test(arguments: [
        LaunchError.noActivityManager(serial: "S"), .notInstalled("a", serial: "S"), .noLauncher("a"), .severalLaunchers("a"),
        .notStarted(Component(package: "a", activity: "b"), reason: "why"), .cannotDropCaches(serial: "S", reason: "why"),
    ])
    func `each error is one sentence that ends in what to do`(error: LaunchError) {
        #expect(error.description.contains("; ") && !error.description.contains("\n") && error.description.last != ".")
    }
}
