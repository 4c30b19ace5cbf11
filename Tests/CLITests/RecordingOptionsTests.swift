import ArgumentParser
import Recording
import Testing
import TraceReport

@testable import CLI

struct RecordingOptionsTests {
    private func options(_ arguments: String...) throws -> RecordingOptions { try RecordingOptions.parse(arguments) }

    @Test func `nothing is recorded unless a file is named`() throws {
        let options = try options()
        #expect(options.output == nil && options.limits == RecordingLimits(minFree: 64 << 20))
        #expect(try self.options("--output", "a.flt").output == "a.flt")
    }

    @Test func `a long recording is cut into files`() throws {
        let limits = try options("--output", "a.flt", "--rotate-size", "1G", "--rotate-every", "1h", "--keep-files", "5", "--min-free", "2G").limits
        #expect(limits == RecordingLimits(rotateSize: 1 << 30, rotateEvery: .seconds(3600), keepFiles: 5, minFree: 2 << 30))
        #expect(limits.rotates)
    }

    @Test(arguments: [
        ["--force"], ["--rotate-size", "1G"], ["--output", "a", "--rotate-size", "1K"], ["--output", "a", "--rotate-every", "10ms"],
        ["--output", "a", "--rotate-size", "1M", "--keep-files", "0"], ["--output", "a", "--keep-files", "3"],
    ])
    func `what cannot be meant is refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try RecordingOptions.parse(arguments) }
    }
}

struct ReconnectTests {
    @Test func `a lost connection ends the trace unless waiting is asked for`() throws {
        #expect(try TraceCommand.parse(["--local"]).reconnect == nil)
        #expect(try TraceCommand.parse(["--local", "--reconnect", "10m"]).reconnect == .seconds(600))
    }

    @Test(arguments: [["--reconnect", "10ms"], ["--reconnect", "1m", "--", "ls"]])
    func `what cannot be waited for is refused`(arguments: [String]) {
        #expect(throws: (any Error).self) { try TraceCommand.parse(["--local"] + arguments) }
    }
}

struct RecordingCommandTests {
    @Test(arguments: ReportGrouping.allCases)
    func `a report is made by any of its groupings`(grouping: ReportGrouping) throws {
        #expect(try ReportCommand.parse(["a.flt", "--by", grouping.rawValue]).by == grouping)
    }

    @Test func `an export names its format and its file`() throws {
        let command = try ExportCommand.parse(["a.flt", "--to", "csv", "--output", "-"])
        #expect(command.format == .csv && command.output == "-" && !command.force)
        #expect(throws: (any Error).self) { try ExportCommand.parse(["a.flt", "--to", "csv"]) }
        #expect(throws: (any Error).self) { try ExportCommand.parse(["a.flt", "--to", "word", "--output", "-"]) }
    }
}
