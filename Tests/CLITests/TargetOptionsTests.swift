import ArgumentParser
import DeviceLink
import Exporters
import FaultModel
import Testing

@testable import CLI

struct TargetOptionsTests {
    private func target(_ arguments: String...) throws -> Target { try TargetOptions.parse(arguments).target }

    @Test func `each option names its target`() throws {
        #expect(try target() == .device(serial: nil))
        #expect(try target("--device", "emulator-5554", "--adb", "/opt/adb", "--keep") == .device(serial: "emulator-5554"))
        #expect(try target("--local") == .local)
        #expect(
            try target("--connect", "[::1]:9000", "--token-file", "/tmp/token")
                == .agent(Endpoint(host: "::1", port: 9000), tokenFile: "/tmp/token"))
    }

    @Test(arguments: [
        (["--local", "--connect", "h:1"], "Only one of --local, --device and --connect can be traced."),
        (["--device", "x", "--connect", "h:1"], "Only one of --local, --device and --connect can be traced."),
        (["--device", "x", "--device", "y"], "One target is traced at a time; name one, or look at several with 'faultline serve'."),
        (["--connect", "h:1", "--connect", "h:2"], "One target is traced at a time; name one, or look at several with 'faultline serve'."),
        (["--local", "--keep"], "--adb and --keep only go with a device of adb's."),
        (["--connect", "h:1", "--adb", "x"], "--adb and --keep only go with a device of adb's."),
        (["--local", "--token-file", "t"], "--token-file only goes with --connect."),
    ])
    func `what does not go together is refused`(arguments: [String], message: String) {
        #expect(throws: (any Error).self) { try TargetOptions.parse(arguments) }
        do { _ = try TargetOptions.parse(arguments) } catch { #expect(TargetOptions.message(for: error) == message) }
    }

    @Test(arguments: ["localhost", ":80", "h:", "h:0", "h:65536", "::1:80", "[]:80"])
    func `what is no endpoint is refused`(text: String) {
        #expect(Endpoint(argument: text) == nil)
    }
}

struct SourceOptionsTests {
    @Test func `sources and transports go by the contract's names`() throws {
        let options = try SourceOptions.parse(["--source", "perf_bpf", "--transport", "perfbuf", "--buffer", "16M"])
        #expect(options.source == .perfBPF)
        #expect(options.transport == .perfbuf)
        #expect(options.buffer == ByteSize(bytes: 16 << 20))
    }

    @Test(arguments: [
        (["--source", "4"], "one of 'tracepoint', 'fentry', 'kprobe', 'perf_bpf' or 'perf_ring'"),
        (["--transport", "pipe"], "Please provide one of 'ringbuf' and 'perfbuf'"),
        (["--transport", "perf_ring"], "Please provide one of 'ringbuf' and 'perfbuf'"),
        (["--buffer", "0"], "leaves no room"),
    ])
    func `anything else is refused`(arguments: [String], reason: String) {
        #expect(throws: (any Error).self) { try SourceOptions.parse(arguments) }
        do { _ = try SourceOptions.parse(arguments) } catch {
            #expect(SourceOptions.message(for: error).contains(reason))
        }
    }

    @Test func `formats go by their names`() {
        #expect(ExportFormat.allValueStrings == ["text", "json", "csv"])
    }
}
