import Foundation
import FaultModel
import Recording
import TraceFixtures
import TraceModel
import WireProtocol

/// A folder of a test's own, which goes with it.
final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "faultline-\(UInt64.random(in: 0...UInt64.max))")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: url.appending(path: name))
        return path(name)
    }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url.appending(path: name))) }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

/// A short trace of a process that is known, with a stack, a name that was asked for, a gap and the end.
struct Conversation {
    var script = AgentScript()
    static let wish = Start(stacks: [.user], filter: sampled)
    static let header = RecordingHeader(
        controllerVersion: "0.1", device: RecordedDevice(name: "host", serial: "X1", model: "Board"), wallClockNs: 7, series: 9)

    private static var sampled: FaultFilter {
        var filter = FaultFilter()
        filter.sampleEvery = 3
        return filter
    }

    static let facts = ProcessFacts(
        timeNs: 1, pid: 100, parent: 1, uid: 10_123, bornNs: 5_000, name: "cat", commandLine: "cat x", executable: "/bin/cat", package: "")
    static let code = MemoryMapping(start: 0x55d0_0000_0000, end: 0x55d0_0010_0000, kind: .filePrivate, name: "/bin/cat")
    static let question = Symbolise(pid: 100, file: "/bin/cat", offsets: [0x1123])

    /// All that is asked for lies in one function.
    static func answer(to question: Symbolise) -> Symbols {
        Symbols(
            pid: question.pid, file: question.file, buildID: "", problem: "",
            list: question.offsets.map { _ in .init(start: 0x1000, end: 0x2000, name: "main") })
    }

    /// What comes first.
    var beginning: [AgentMessage] {
        [
            .started(script.started), .process(Self.facts), .mappings(Mappings(timeNs: 1, pid: 100, list: [Self.code])),
            .stack(StackTrace(id: 5, frames: [0x55d0_0000_1123, 0x55d0_0000_1200])),
        ]
    }

    mutating func batch(_ times: [UInt64]) -> AgentMessage {
        script.batch(
            times.map { timeNs in
                var fault = fault(timeNs)
                fault.stacks = FaultStacks(user: 5)
                return fault
            })
    }
}

extension Recorder {
    mutating func say(_ message: AgentMessage, at now: ContinuousClock.Instant = .now) {
        let bytes = message.encoded()
        let type = UInt16(bytes[4]) | UInt16(bytes[5]) << 8
        take(RawFrame(type: type, payload: Array(bytes.dropFirst(Frame.headerSize))), message, at: now)
    }
}

/// A frame as a file has it.
func sealed(_ frame: [UInt8]) -> [UInt8] {
    var bytes = frame
    FrameSeal.close(&bytes, from: 0)
    return bytes
}

/// Records a short trace of five faults and a gap.
func recordShort(_ path: String) throws {
    var talk = Conversation()
    var recorder = try Recorder(path, overwrites: false, limits: RecordingLimits(), header: Conversation.header, at: .now)
    recorder.begin(talk.script.hello, Conversation.wish)
    for message in talk.beginning { recorder.say(message) }
    recorder.say(talk.batch([1_000_003_000, 1_000_002_000]))
    recorder.take(.symbolise(Conversation.question))
    recorder.say(.round(Round(completeUntilNs: 1_000_003_000)))
    recorder.say(talk.script.gap(7, atNs: 1_000_003_500))
    recorder.say(.symbols(Conversation.answer(to: Conversation.question)))
    recorder.say(talk.batch([1_000_004_000, 1_000_005_000, 1_000_006_000]))
    recorder.say(.round(Round(completeUntilNs: 1_000_006_000)))
    recorder.say(talk.script.bye)
    recorder.finish()
    if let problem = recorder.problem { throw problem }
}

/// The faults of a trace, in words.
final class Words {
    var lines: [String] = []
}

struct WordSink: EventSink, @unchecked Sendable {
    let words: Words

    func begin(_ session: TraceSession) { words.lines.append("begin \(session.startNs)") }

    func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) {
        for fault in faults {
            let frames = names.stacks.find(fault.stacks.user)?.frames.count ?? 0
            words.lines.append(
                "\(fault.timeNs) \(names.processName(ThreadKey(fault))) \(names.symbol(fault.code)?.text ?? "-") \(frames)")
        }
    }

    func lost(_ gap: Lost) { words.lines.append("lost \(gap.count)") }
    func interrupted(_ outage: Outage) { words.lines.append("\(outage.reason) \(outage.sinceNs)-\(outage.untilNs)") }
    func finish(_ summary: TraceSummary) { words.lines.append("finish \(summary.events)") }
}

/// Plays a file.
func play(_ path: String, foretellsNames: Bool = false) throws(RecordingError) -> (lines: [String], result: Replayed<Never>) {
    let words = Words()
    let result = try Replay(path).run(into: OrderedOutput<Never>(WordSink(words: words)), foretellsNames: foretellsNames)
    return (words.lines, result)
}
