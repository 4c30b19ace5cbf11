import Foundation
import Testing

/// A real adb and a real adbd, with the guest in the phone's place: what is traced, and that nothing stays there.
@Suite(.serialized) struct DeviceTests {
    static let pages = 997

    // MARK: However root is had, whatever the folder is like

    @Test(arguments: ["plain", "magisk", "aosp", "root-only", "full", "readonly", "noexec"])
    func `each of 997 fresh pages is one event`(name: String) async throws {
        try await leavingNothing(on: name) {
            let trace = try await Trace.pages(Self.pages, on: name)
            #expect(trace.status == 0, "\(trace.errors)")
            #expect(trace.written.count == Self.pages)
            let summary = try #require(trace.summary)
            #expect(summary.complete && summary.lost == 0 && summary.events == UInt64(trace.events.count))
        }
    }

    @Test(arguments: [("full", "no space left on device"), ("readonly", "read-only file system"), ("noexec", "permission denied")])
    func `why the agent lies elsewhere is told`(name: String, reason: String) async throws {
        try await leavingNothing(on: name) {
            let trace = try await Trace.pages(1, on: name, Lab.quickStart)
            #expect(trace.errors.contains("the agent cannot lie in /data/local/tmp (\(reason)); trying elsewhere"), "\(trace.errors)")
        }
    }

    @Test(arguments: [
        ("unrooted", "gives no root, which tracing needs"), ("denying", "refuses root: Permission denied"),
        ("silent", "does not answer; unlock the device"),
    ])
    func `no root is told`(name: String, reason: String) async throws {
        try await leavingNothing(on: name) {
            let trace = try await Trace.pages(1, on: name, Lab.quickStart)
            #expect(trace.status == 1)
            #expect(trace.errors.contains(reason), "\(trace.errors)")
        }
    }

    @Test func `a count and a preflight reach the device too`() async throws {
        try await leavingNothing(on: "magisk") {
            let serial = Lab.serial("magisk")
            let count = try await Lab.faultline(
                ["stat", "--device", serial, "--json", "--", Lab.workload, "write", "\(Self.pages)"])
            #expect(count.status == 0, "\(count.errors)")
            #expect(count.text.contains(#""lost":0"#))
            let preflight = try await Lab.faultline(["preflight", "--device", serial, "--json"])
            #expect(preflight.status == 0, "\(preflight.errors)")
            #expect(preflight.text.contains(#""verdict":"ready""#) && preflight.text.contains(#""arch":"aarch64""#))
        }
    }

    @Test func `what a command on the device prints comes here`() async throws {
        try await leavingNothing(on: "magisk") {
            let output = try await Lab.faultline(
                ["trace", "--device", Lab.serial("magisk"), "--quiet"] + Lab.quickStart
                    + ["--", "/bin/sh", "-c", "id -u; echo words >&2"])
            #expect(output.status == 0)
            #expect(output.errors.contains("0\n") && output.errors.contains("words\n"), "\(output.errors)")
        }
    }

    @Test func `the token is in no command line`() async throws {
        let output = try await Lab.faultline(Lab.longTrace(on: "plain")) { process in
            let device = try await Lab.shell("plain", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").text
            let here = try await Lab.run("/bin/ps", ["-eo", "args"]).text
            for text in [device, here] {
                let lines = text.split(separator: "\n").filter { $0.contains("faultline") || $0.contains("adb") }
                #expect(lines.contains { $0.contains("faultline-agent") })
                #expect(lines.allSatisfy { $0.firstMatch(of: /[0-9a-f]{32}/) == nil }, "\(lines)")
            }
            kill(process, SIGINT)
        }
        #expect(output.status == 0, "\(output.errors)")
    }

    @Test func `the agent is brought only where it differs`() async throws {
        try await leavingNothing(on: "magisk") {
            let file = "/data/local/tmp/faultline-agent"
            #expect(try await Trace.pages(1, on: "magisk", ["--keep"] + Lab.quickStart).status == 0)
            let first = try await Lab.shell("magisk", "stat -c %i \(file)").text
            #expect(try await Trace.pages(1, on: "magisk", ["--keep"] + Lab.quickStart).status == 0)
            #expect(try await Lab.shell("magisk", "stat -c %i \(file)").text == first)
            try await Lab.shell("magisk", "echo x >>\(file)")
            #expect(try await Trace.pages(1, on: "magisk", ["--keep"] + Lab.quickStart).status == 0)
            #expect(try await Lab.shell("magisk", "stat -c %i \(file)").text != first)
            #expect(try await Trace.pages(1, on: "magisk", Lab.quickStart).status == 0)
        }
    }

    // MARK: Devices

    @Test func `all devices are listed with what they are`() async throws {
        let output = try await Lab.faultline(["devices", "--json"])
        #expect(output.status == 0, "\(output.errors)")
        struct List: Decodable {
            struct Device: Decodable {
                var serial, state: String
                var model, android_version, kernel, abi, root, problem: String?
            }
            var devices: [Device]
        }
        let list = try JSONDecoder().decode(List.self, from: Data(output.text.utf8)).devices
        func device(_ name: String) throws -> List.Device {
            let serial = Lab.serial(name)
            return try #require(list.first { $0.serial == serial })
        }
        let phone = try device("magisk")
        #expect(phone.model == "Guest phone" && phone.android_version == "14" && phone.abi == "arm64-v8a" && phone.root == "su -c")
        #expect(phone.problem == nil && phone.kernel?.hasPrefix("6.1.") == true)
        let linux = try device("plain")
        #expect(linux.android_version == nil && linux.abi == "aarch64" && linux.root == "shell")
        #expect(try device("aosp").root == "su 0")
        #expect(try device("root-only").root == "su root")
        #expect(try device("unrooted").problem?.contains("gives no root") == true)
        #expect(try device("denying").problem?.contains("Permission denied") == true)
        #expect(try device("silent").problem?.contains("does not answer") == true)
    }

    @Test func `several devices, another's serial and no adb are told`() async throws {
        let several = try await Lab.faultline(["trace"])
        #expect(several.status == 2)
        #expect(several.errors.contains("several devices are attached") && several.errors.contains(Lab.serial("magisk")))
        let other = try await Lab.faultline(["trace", "--device", "none-such"])
        #expect(other.status == 1)
        #expect(other.errors.contains("there is no device none-such but \(Lab.serial("plain").prefix(10))"))
        let none = try await Lab.faultline(["trace", "--adb", "/no/such/adb"])
        #expect(none.status == 2)
        #expect(none.errors.contains("there is no /no/such/adb"))
    }
}
