import ArgumentParser
import Exporters
import FaultModel
import Recording
import TraceModel
import WireProtocol

/// `faultline export`: a recording in another program's format.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Turns a recording into another format.")

    @Argument(help: ArgumentHelp("What 'trace --output' made.", valueName: "file.flt"), completion: .file(extensions: ["flt"]))
    var recording: String

    @Option(name: .customLong("to"), help: "The format.") var format: ExportTarget
    @Option(help: ArgumentHelp("The file to make; - for standard output.", valueName: "out"), completion: .file())
    var output: String
    @Flag(help: "Overwrite what is there.") var force = false
    @Option(help: "What the numbers of --to folded are.") var weight: FoldedStacks.Weight?

    func validate() throws {
        if weight != nil, format != .folded { throw ValidationError("--weight is for --to folded; the other formats have both.") }
        if output == "-", format == .sqlite { throw ValidationError("--output -: a database needs a file; name one.") }
    }

    func run() async throws {
        try OutputFile.make(output, overwrites: force, of: recording, export).tellProblems()
    }

    private func export(to file: OutputFile) throws -> PlayedRecording<OutputError> {
        let replay = try Replay(recording)
        let sink = try format.sink(to: file, stacks: replay.start.stacks, weight: weight ?? .faults)
        let played = PlayedRecording(recording, replay.run(into: OrderedOutput(sink), foretellsNames: true, progress: ProgressLine().show))
        if let error = played.result.sinkFailure, error != .closed { throw error }
        return played
    }
}

/// What a recording can be turned into. A new format is a case here, and its sink.
enum ExportTarget: String, CaseIterable, ExpressibleByArgument, Sendable {
    case perfetto, pprof, folded, csv, json, sqlite

    func sink(to file: OutputFile, stacks: StackKinds, weight: FoldedStacks.Weight) throws(OutputError) -> any EventSink<OutputError> {
        let write: @Sendable (RawSpan) throws(OutputError) -> Void = { bytes throws(OutputError) in try file.write(bytes) }
        return switch self {
        case .perfetto: LineSink(PerfettoPackets(), write: write)
        case .pprof: LineSink(PprofSamples(), write: write)
        case .folded: LineSink(FoldedStacks(weight: weight), write: write)
        case .csv: LineSink(CSVRows(stacks: stacks), write: write)
        case .json: LineSink(JSONLines(stacks: stacks), write: write)
        case .sqlite: try SQLiteTables(path: file.place.draft) { [path = file.place.path] in .unwritten(path, reason: $0) }
        }
    }
}
