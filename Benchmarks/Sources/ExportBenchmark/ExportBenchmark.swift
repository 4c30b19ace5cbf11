import Exporters
import FaultModel
import TraceModel

/// How many events a second of CPU time turns into each format, a busy phone's: two hundred threads of fifty processes, five hundred
/// instructions, mappings and causes. Their reading from a recording is not in it.
///
/// Usage: export-benchmark EVENTS FOLDER. Prints one JSON object of events a second of CPU time by format, the median of three runs each.
@main
struct ExportBenchmark {
    private static let repetitions = 3

    static func main() throws {
        let events = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 3_000_000
        let folder = CommandLine.arguments.dropFirst(2).first ?? "/tmp"
        let trace = SampleTrace(events)
        var rates: [String] = []
        for format in BenchmarkFormat.allCases {
            var measured: [Double] = []
            for _ in 0..<repetitions { measured.append(try rate(format, trace, folder)) }
            rates.append("\"\(format.rawValue)\": \(Int(measured.sorted()[repetitions / 2]))")
        }
        print("{" + rates.joined(separator: ", ") + "}")
    }

    private static func rate(_ format: BenchmarkFormat, _ trace: SampleTrace, _ folder: String) throws -> Double {
        let file = try ScratchFile(folder + "/export-benchmark")
        defer { file.remove() }
        let before = cpuSeconds()
        try play(trace, to: format.sink(file))
        return Double(trace.faults.count) / (cpuSeconds() - before)
    }

    private static func play(_ trace: SampleTrace, to sink: any EventSink<ScratchError>) throws(ScratchError) {
        var sink = sink
        try sink.begin(trace.summary.session)
        for start in stride(from: 0, to: trace.faults.count, by: 20_000) {
            try sink.consume(trace.faults[start..<min(start + 20_000, trace.faults.count)], trace.summary.names)
        }
        try sink.finish(trace.summary)
    }
}

/// The formats that a recording can be exported to.
enum BenchmarkFormat: String, CaseIterable {
    case perfetto, pprof, folded, csv, json, sqlite

    func sink(_ file: ScratchFile) throws(ScratchError) -> any EventSink<ScratchError> {
        let write: @Sendable (RawSpan) throws(ScratchError) -> Void = { bytes throws(ScratchError) in try file.write(bytes) }
        return switch self {
        case .perfetto: LineSink(PerfettoPackets(), write: write)
        case .pprof: LineSink(PprofSamples(), write: write)
        case .folded: LineSink(FoldedStacks(), write: write)
        case .csv: LineSink(CSVRows(), write: write)
        case .json: LineSink(JSONLines(), write: write)
        case .sqlite: try SQLiteTables(path: file.path) { ScratchError(text: $0) }
        }
    }
}
