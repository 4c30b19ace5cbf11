import ArgumentParser
import FaultModel
import OfflinePreflight
import Testing

@testable import CLI

#if canImport(System)
import System
#else
import SystemPackage
#endif

struct DumpOptionsTests {
    @Test func `the files go by the contract's names`() throws {
        let command = try PreflightCommand.parse(["--config", "c", "--events", "e", "--kallsyms", "k", "--json"])
        let files = try #require(command.dumps.files)
        #expect((files.config, files.tracepoints, files.symbols) == ("c", "e", "k"))
        #expect(try PreflightCommand.parse(["--local"]).dumps.files == nil)
    }

    @Test(arguments: [
        (["--config", "c", "--local"], "--config judges a device that is not there; leave the target out, or --config."),
        (["--config", "c", "--connect", "h:1"], "--config judges a device that is not there; leave the target out, or --config."),
        (["--events", "e"], "--events only goes with --config."),
        (["--kallsyms", "k", "--local"], "--kallsyms only goes with --config."),
    ])
    func `what does not go together is refused`(arguments: [String], message: String) {
        do {
            _ = try PreflightCommand.parse(arguments)
            Issue.record("accepted")
        } catch { #expect(PreflightCommand.message(for: error) == message) }
    }

    private func sentence(_ path: String) -> String? {
        do {
            _ = try DumpFiles(config: path).preflight()
            return nil
        } catch { return "\(error)" }
    }

    @Test func `a file that cannot be read is named, and what to do`() {
        #expect(
            sentence("/nonexistent/config.gz")
                == "cannot read /nonexistent/config.gz: No such file or directory; name a file that was fetched from the device")
        #expect(sentence("/")?.hasPrefix("cannot read /: Is a directory;") == true)
        #expect(sentence("/dev/null") == "/dev/null is empty; fetch it with: adb pull /proc/config.gz")
        #expect(sentence("/dev/zero")?.hasPrefix("/dev/zero is longer than any kernel configuration;") == true)
    }

    @Test func `a file is judged`() throws {
        let path = FilePath("/tmp/faultline-dump-\(UInt64.random(in: 0 ... .max))")
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
        defer { try? file.close() }
        try file.writeAll("# Linux/arm64 5.10.1 Kernel Configuration\nCONFIG_PERF_EVENTS=y\nCONFIG_FTRACE=y\n".utf8)
        let report = try DumpFiles(config: path.string).preflight().report()
        #expect(report.source == .perfRing)
        #expect(report.verdict == .limited)
    }
}
