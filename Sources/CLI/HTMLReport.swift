import Dashboard
import LiveModel
import Recording
import TraceModel

/// A recording as a page.
enum HTMLReport {
    static func make(of path: String, to output: String, overwrites: Bool) throws {
        let replay = try Replay(path)
        let trace = LiveTrace(recording: replay.header)
        let played = PlayedRecording(path, replay.run(into: OrderedOutput(trace.sink, order: .ofComing), progress: ProgressLine().show))
        trace.become(.ended(missing: played.missing))
        try OutputFile.make(output, overwrites: overwrites, of: path) { try $0.write(ReportPage(trace).bytes.span.bytes) }
        try played.tellProblems()
    }
}

extension LiveTrace {
    /// The finest step of time of a recording, which may be short.
    private static let recordingBinNs: UInt64 = 1_000_000

    convenience init(recording header: RecordingHeader) {
        let device = header.device
        self.init(label: [device.name, device.serial].first { !$0.isEmpty } ?? "recording", isRecording: true, binNs: Self.recordingBinNs)
    }
}
