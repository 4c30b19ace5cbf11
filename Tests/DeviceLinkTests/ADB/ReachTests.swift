import Foundation
import Synchronization
import Testing

@testable import DeviceLink

/// How root is come by, with a program in adb's place where no device here can do it.
struct ReachTests {
    /// A userdebug build without su: root after `adb root`, which takes adbd away for two questions.
    private static let userdebug = """
        case "$1 $2" in
        "root ") echo restarting adbd as root; echo 2 >away;;
        "shell id -u") read n <away; [ $n = 0 ] || { echo $((n - 1)) >away; echo 'error: device offline' >&2; exit 1; }; echo 0;;
        *) printf 'kernel=5.10.1\\nmachine=aarch64\\ndebuggable=1\\n';;
        esac
        """

    @Test func `adb root is the last way, and is told`() async throws {
        try await ADBStandIn.run(Self.userdebug) { standIn in
            let notes = Mutex<[String]>([])
            let device = try await Device.reach(standIn.device) { note in notes.withLock { $0.append(note) } }
            #expect(device.root.way == .shell)
            #expect(notes.withLock { $0 } == ["adb on device S now runs as root; 'adb unroot' ends that"])
        }
    }

    @Test func `a user build without su is told to have no root`() async throws {
        try await ADBStandIn.run("printf 'kernel=5.10.1\\nmachine=aarch64\\ndebuggable=0\\n'") { standIn in
            await #expect(throws: DeviceError.noRoot(serial: "S")) { try await Device.reach(standIn.device) { _ in } }
        }
    }

    @Test func `a refused adb root is told in its words`() async throws {
        let script = """
            [ "$1" != root ] || { echo adbd cannot run as root in production builds; exit 0; }
            printf 'kernel=5.10.1\\nmachine=aarch64\\ndebuggable=1\\n'
            """
        try await ADBStandIn.run(script) { standIn in
            await #expect(throws: DeviceError.rootRefused(serial: "S", reason: "adbd cannot run as root in production builds")) {
                try await Device.reach(standIn.device) { _ in }
            }
        }
    }

    @Test func `no adb is told`() async {
        await #expect(throws: DeviceError.noADB("/no/adb")) { try await ADB(path: "/no/adb").devices() }
        await #expect(throws: DeviceError.noADB("no-adb")) { try await ADB(path: "no-adb").devices() }
    }

    @Test func `a command that hangs ends with its limit`() async throws {
        try await ADBStandIn.run("exec sleep 60") { standIn in
            await #expect(throws: DeviceError.timedOut("do it", after: .milliseconds(200))) {
                try await standIn.device.run(["shell", "x"], to: "do it", within: .milliseconds(200))
            }
        }
    }

    @Test func `what a command reads is what it is given`() async throws {
        try await ADBStandIn.run("cat") { standIn in
            let text = try await standIn.device.run([], to: "read", input: .text("a\nb"))
            #expect(text.output == "a\nb")
            let nothing = try await standIn.device.run([], to: "read")
            #expect(nothing.output == "")
            let file = try await standIn.device.run([], to: "read", input: .file(standIn.device.adb.path))
            #expect(file.output.contains("#!/bin/sh"))
        }
    }
}

/// The forward, with a program in adb's place that writes down what it is asked.
struct PortForwardTests {
    private static let adb = """
        echo "$@" >>asked
        [ "$2" != tcp:0 ] || echo 40123
        """

    @Test func `a forward is removed when its body has returned or thrown`() async throws {
        struct Odd: Error {}
        for throwing in [false, true] {
            try await ADBStandIn.run(Self.adb) { standIn in
                let port = try? await PortForward.run(standIn.device, to: 7) { port in
                    if throwing { throw Odd() }
                    return port
                }
                #expect(port == (throwing ? nil : 40123))
                let asked = try String(contentsOf: standIn.folder.appending(path: "asked"), encoding: .utf8)
                #expect(asked == "forward tcp:0 tcp:7\nforward --remove tcp:40123\n")
            }
        }
    }

    @Test func `adb's refusal is told`() async throws {
        try await ADBStandIn.run("echo \"error: device 'S' not found\" >&2; exit 1") { standIn in
            await #expect(throws: DeviceError.adbFailed("forward a port", reason: "device 'S' not found")) {
                try await PortForward.run(standIn.device, to: 7) { _ in () }
            }
        }
    }
}

struct UncancelledTests {
    @Test func `a cancellation reaches only what may be cancelled`() async throws {
        let task = Task {
            try await uncancelled { cancellation in
                let body = await outcome { try await cancellation.reaching { try await Task.sleep(for: .seconds(60)) } }
                // What would be clean-up.
                try await Task.sleep(for: .milliseconds(10))
                return body.isFailure
            }
        }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        #expect(try await task.value)
    }

    @Test func `a cancellation that came before reaches it too`() async throws {
        let task = Task {
            try await uncancelled { cancellation in
                try await Task.sleep(for: .milliseconds(100))
                return await outcome { try await cancellation.reaching { try await Task.sleep(for: .seconds(60)) } }.isFailure
            }
        }
        task.cancel()
        #expect(try await task.value)
    }
}

extension Result {
    fileprivate var isFailure: Bool { if case .failure = self { true } else { false } }
}
