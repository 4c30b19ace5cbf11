import Testing

@testable import DeviceLink

struct DeviceErrorTests {
    private static let device = ListedDevice(serial: "A", state: .device)

    private static let all: [DeviceError] =
        [
            .noADB("adb"), .adbFailed("push", reason: "no"), .timedOut("push", after: .seconds(10)), .noDevices,
            .severalDevices([device, device]), .notAttached("X", attached: []), .notAttached("X", attached: [device]),
            .noRoot(serial: "A"), .rootRefused(serial: "A", reason: "Permission denied"), .rootUnanswered(serial: "A"),
            .noAgentFor(machine: "armv7l"), .noPlace(serial: "A", reasons: ["/tmp (full)", "/dev (odd)"]),
            .agentFailed(serial: "A", reason: "it ends"), .portTaken(serial: "A", port: 7),
        ]
        + (DeviceState.words.map(\.state) + [.other("odd")]).filter { !$0.isUsable }
            .map { .unusable(ListedDevice(serial: "A", state: $0)) }

    @Test(arguments: all)
    func `an error is one sentence that says what happened and what to do`(error: DeviceError) {
        let text = error.description
        #expect(text.split(separator: "; ").count == 2, "\(text)")
        #expect(!text.hasSuffix(".") && !text.contains("\n") && !text.contains("Optional"), "\(text)")
    }
}

/// What a command's own last words are.
struct ShellResultTests {
    @Test(arguments: [
        ("adb: error: failed to copy 'a' to 'b': remote couldn't create file: Read-only file system\na: 0 files pushed, 0 skipped. 19.5 MB/s\n",
         "failed to copy 'a' to 'b': remote couldn't create file: Read-only file system"),
        ("* daemon not running; starting now at tcp:5037\n* daemon started successfully\nerror: device 'X' not found\r\n",
         "device 'X' not found"),
        ("/system/bin/sh: su: inaccessible or not found\n", "/system/bin/sh: su: inaccessible or not found"),
        ("", "it ended with status 7"),
    ])
    func `the reason is adb's sentence`(errors: String, reason: String) {
        #expect(ShellResult(status: 7, output: "", errors: errors).reason == reason)
    }
}
