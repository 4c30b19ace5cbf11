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

    func run() async throws {
        let replay = try Replay(recording)
        let sink = try format.sink(to: OutputFile(output, overwrites: force), stacks: replay.start.stacks)
        let replayed = PlayedRecording(recording, replay.run(into: OrderedOutput(sink), progress: ProgressLine().show))
        if let error = replayed.result.sinkFailure, error != .closed { throw error }
        try replayed.tellProblems()
    }
}

/// What a recording can be turned into. A new format is a case here, and its sink.
enum ExportTarget: String, CaseIterable, ExpressibleByArgument, Sendable {
    case csv, json

    func sink(to file: OutputFile, stacks: StackKinds) -> any EventSink<OutputError> {
        let write: @Sendable (RawSpan) throws(OutputError) -> Void = { bytes throws(OutputError) in try file.write(bytes) }
        return switch self {
        case .csv: LineSink(CSVRows(stacks: stacks), write: write)
        case .json: LineSink(JSONLines(stacks: stacks), write: write)
        }
    }
}
