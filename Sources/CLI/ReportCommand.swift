public import ArgumentParser
import Exporters
import FaultModel
import JSONText
import Recording
import Synchronization
import TerminalView
import TraceModel
public import TraceReport

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// `faultline report`: what a recording comes to, or what changed between two.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Adds up what 'trace --output' recorded.",
        discussion: """
            With --diff the recording is compared with an earlier one, group by group: what grew, what went. Processes of one name are one \
            group then.
            """)

    @Argument(help: ArgumentHelp("What 'trace --output' made.", valueName: "file.flt"), completion: .file(extensions: ["flt"]))
    var recording: String

    @Option(help: "What is added up apart.") var by: ReportGrouping = .process
    @Option(help: "What groups and files are sorted by.") var sort: ReportOrder = .faults
    @Option(help: ArgumentHelp("Compare with this recording, which is the earlier one.", valueName: "other.flt"), completion: .file(extensions: ["flt"]))
    var diff: String?
    @Option(help: ArgumentHelp("Show this many groups, the first ones; 0 for all.", valueName: "n"))
    var top = ReportText.groupsShown
    @Flag(help: "Write one JSON object.") var json = false
    @Option(help: ArgumentHelp("Make a page of it that opens in a browser, and write nothing else.", valueName: "out.html"), completion: .file(extensions: ["html"]))
    var html: String?
    @Flag(help: "Let --html overwrite what is there.") var force = false

    func validate() throws {
        if force, html == nil { throw ValidationError("--force is for --html; nothing else is overwritten.") }
        if html != nil, json || diff != nil { throw ValidationError("--html makes a page of one recording; leave out --json and --diff.") }
        if diff != nil, sort != .faults { throw ValidationError("--diff sorts by what has changed most; leave out --sort.") }
        if top < 0 { throw ValidationError("--top: ask for 1 and more, or for 0 to see all.") }
    }

    func run() async throws {
        if let html { return try HTMLReport.make(of: recording, to: html, overwrites: force) }
        let before = try diff.map { try ReportedRecording($0, by: by, joinsProcesses: true) }
        let after = try ReportedRecording(recording, by: by, order: sort, joinsProcesses: diff != nil)
        do throws(OutputError) {
            try Console.write(before.map { comparison($0, after) } ?? report(after))
        } catch {
            if error != .closed { throw error }
        }
        try before?.played.tellProblems()
        try after.played.tellProblems()
    }

    private var shown: Int { top == 0 ? .max : top }
    private var isColored: Bool { isatty(STDOUT_FILENO) == 1 }

    private func report(_ recording: ReportedRecording) -> String {
        guard json else {
            return ReportText(recording.report, origin: recording.origin, top: shown, isColored: isColored).text
        }
        return object { json in
            json.key("recording"); recording.write(to: &json)
            recording.report.writeMembers(top: shown, to: &json)
        }
    }

    private func comparison(_ before: ReportedRecording, _ after: ReportedRecording) -> String {
        let comparison = ReportComparison(before: before.report, after: after.report)
        guard json else {
            return ComparisonText(
                comparison, before: before.played.path, after: after.played.path, top: shown, isColored: isColored).text
        }
        return object { json in
            json.key("recording_before"); before.write(to: &json)
            json.key("recording_after"); after.write(to: &json)
            comparison.writeMembers(top: shown, to: &json)
        }
    }

    private func object(_ members: (inout JSONText) -> Void) -> String {
        var json = JSONText()
        json.beginObject()
        members(&json)
        json.endObject()
        json.newline()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension ReportGrouping: ExpressibleByArgument {}
extension ReportOrder: ExpressibleByArgument {}

/// A recording and what it comes to.
struct ReportedRecording {
    let played: PlayedRecording<Never>
    let header: RecordingHeader
    let report: TraceReport

    /// Reads a whole recording, or as much of it as can be read.
    init(_ path: String, by grouping: ReportGrouping, order: ReportOrder = .faults, joinsProcesses: Bool) throws(RecordingError) {
        let replay = try Replay(path)
        header = replay.header
        let box = Box()
        let builder = ReportBuilder(by: grouping, order: order, joinsProcesses: joinsProcesses) { box.report.withLock { [report = $0] in $0 = report } }
        played = PlayedRecording(path, replay.run(into: OrderedOutput(builder, order: .ofComing), progress: ProgressLine().show))
        report = box.report.withLock { $0! }
    }

    private final class Box: Sendable {
        let report = Mutex<TraceReport?>(nil)
    }

    private var device: String {
        [header.device.name, header.device.model, header.device.serial].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// Where it comes from, a fact a line.
    var origin: [String] {
        let (session, number) = (report.summary.session, header.number > 1 || played.result.isContinued ? ", file \(header.number)" : "")
        let kernel = "Linux \(session.report.kernel.release) \(session.report.kernel.arch)"
        return ["\(played.path)\(number): \(device.isEmpty ? "" : device + ", ")\(kernel), \(CalendarTime.text(ns: session.wallClockNs))"]
    }

    func write(to json: inout JSONText) {
        let session = report.summary.session
        json.beginObject()
        json.key("path"); json.string(played.path)
        json.key("device"); json.string(header.device.name)
        json.key("serial"); json.string(header.device.serial)
        json.key("model"); json.string(header.device.model)
        json.key("kernel"); json.string(session.report.kernel.release)
        json.key("arch"); json.string(session.report.kernel.arch)
        json.key("controller_version"); json.string(header.controllerVersion)
        json.key("agent_version"); json.string(session.agentVersion)
        json.key("start_ns"); json.integer(session.startNs)
        json.key("wall_clock_ns"); json.integer(session.wallClockNs)
        json.key("file_number"); json.integer(UInt64(header.number))
        json.key("continued"); json.bool(played.result.isContinued)
        json.key("cut_bytes"); json.integer(played.result.cutBytes)
        json.endObject()
    }
}

/// A moment for people.
enum CalendarTime {
    /// `2026-11-25 20:10:51 UTC`.
    static func text(ns: UInt64) -> String {
        var (seconds, parts) = (time_t(ns / 1_000_000_000), tm())
        guard gmtime_r(&seconds, &parts) != nil else { return "" }
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        return "\(date) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) UTC"
    }
}
