import FaultModel
import FaultPatterns
import Glibc
import Recording
import TraceModel
import TraceReport
import WireProtocol

/// What recording costs the controller, what a recording takes on the disk, and how fast it is reported.
///
/// Usage: recording-benchmark EVENTS FILE. Makes the file, of a busy machine's pattern, and prints one JSON object.
@main
struct RecordingBenchmark {
    private static let piece = 1_000_000
    private static let hello = Hello(
        agentVersion: "benchmark", agentPid: 1, cpuCount: 8,
        report: PreflightReport(
            basis: .live, kernel: .init(release: "6.12", arch: "x86_64", pageSize: 4096), selinux: .init(mode: .disabled, domain: nil),
            sources: [], checks: []))
    private static let started = Started(
        source: .tracepoint, transport: .ringbuf, columns: FaultSource.tracepoint.columns, bufferSize: 4 << 20, timeNs: 1_000_000_000_000,
        wallClockNs: 0, commandPid: 0)

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let events = Int(arguments[1]) else { fatalError("usage: recording-benchmark EVENTS FILE") }
        let recordNs = try record(arguments[2], events)
        let bytes = try Replay(arguments[2]).byteCount ?? 0
        var rates: [String] = []
        for grouping in [ReportGrouping.process, .mapping, .cause, .thread, .function] {
            rates.append("\"\(grouping.rawValue)\": \(Int(try report(arguments[2], grouping)))")
        }
        print(
            "{\"events\": \(events), \"record_ns\": \(recordNs), \"bytes_per_event\": \(Double(bytes) / Double(events)), "
                + "\"peak_bytes\": \(peakBytes), \"reported_per_second\": {\(rates.joined(separator: ", "))}}")
    }

    /// - Returns: nanoseconds of CPU for each event.
    private static func record(_ path: String, _ events: Int) throws -> Double {
        let payloads = FaultPattern.payloads(.mixed, piece)
        let spanNs = time(payloads.last!) - time(payloads[0]) + 1_000_000
        let header = RecordingHeader(controllerVersion: "benchmark", device: RecordedDevice(name: "benchmark"), wallClockNs: 0, series: 0)
        var recorder = try Recorder(path, overwrites: true, limits: RecordingLimits(), header: header, at: .now)
        recorder.begin(hello, Start())
        for message in [.started(started)] + FaultPattern.mappings().map({ AgentMessage.mappings($0) }) { say(message, &recorder) }
        var (sequence, took): (UInt64, UInt64) = (0, 0)
        for round in 0..<UInt64(events / piece) {
            let frames = payloads.map { moved($0, &sequence, by: round * spanNs) }
            let before = cpuNs
            for frame in frames {
                recorder.take(frame, .batch(frame.payload), at: .now)
                say(.round(Round(completeUntilNs: time(frame.payload))), &recorder)
            }
            took += cpuNs - before
        }
        let before = cpuNs
        say(.bye(Bye(reason: .stopped, events: UInt64(events), lost: 0, durationNs: spanNs * UInt64(events / piece))), &recorder)
        recorder.finish()
        if let problem = recorder.problem { throw problem }
        return Double(took + cpuNs - before) / Double(events)
    }

    private static func say(_ message: AgentMessage, _ recorder: inout Recorder) {
        let bytes = message.encoded()
        recorder.take(RawFrame(type: UInt16(bytes[4]) | UInt16(bytes[5]) << 8, payload: Array(bytes[Frame.headerSize...])), message, at: .now)
    }

    /// - Returns: events a second of CPU time.
    private static func report(_ path: String, _ grouping: ReportGrouping) throws -> Double {
        let before = cpuNs
        let builder = ReportBuilder(by: grouping) { _ in }
        let played = try Replay(path).run(into: OrderedOutput<Never>(builder, order: .ofComing))
        if let problem = played.problem { throw problem }
        guard played.summary.cut == nil else { fatalError("the recording is cut") }
        return Double(played.summary.events) / Double(cpuNs - before) * 1e9
    }

    // MARK: Batches

    /// When a batch begins.
    private static func time(_ payload: [UInt8]) -> UInt64 {
        payload.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) }
    }

    private static func moved(_ payload: [UInt8], _ sequence: inout UInt64, by ns: UInt64) -> RawFrame {
        var moved = payload
        let timeNs = time(payload) + ns
        moved.withUnsafeMutableBytes {
            $0.storeBytes(of: sequence.littleEndian, toByteOffset: 0, as: UInt64.self)
            $0.storeBytes(of: timeNs.littleEndian, toByteOffset: 8, as: UInt64.self)
        }
        sequence += 1
        return RawFrame(type: FrameType.batch.rawValue, payload: moved)
    }

    // MARK: This process

    private static var cpuNs: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The most memory that this program has had. ru_maxrss would tell of whoever started it, too.
    private static var peakBytes: Int {
        guard let status = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(status) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), status) != nil {
            let words = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }.split(whereSeparator: \.isWhitespace)
            if words.count > 1, words[0] == "VmHWM:", let kibibytes = Int(words[1]) { return kibibytes * 1024 }
        }
        return 0
    }
}
