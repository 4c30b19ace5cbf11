import FaultModel
import LiveModel
@testable import TerminalView
import TraceFixtures
import TraceModel
import WireProtocol

/// A trace of five seconds: an app with two threads, a program with a name that commands terminals, one with wide characters.
struct TopFixture {
    private let board: ActivityBoard
    private let isRecording: Bool
    private var assembly: TraceAssembly<Never>
    private var script = AgentScript()

    init(isRecording: Bool = false) {
        self.isRecording = isRecording
        board = ActivityBoard(span: isRecording ? .whole : .latest)
        assembly = TraceAssembly(hello: fixtureHello, wantsSymbols: false, output: OrderedOutput(ActivitySink(board), order: .ofComing))
        take(.started(script.started))
        introduce()
        for second in UInt64(0)..<5 { live(second) }
        take(.round(Round(completeUntilNs: 6_100_000_000)))
    }

    /// Those that lose have a gap of 1234 faults.
    mutating func lose() { take(script.gap(1234, atNs: 2_000_000_000)) }

    /// Those that share a name have faults in memory that belongs to a library and in memory that does not, which both are `[anon]`.
    mutating func shareName() {
        for start in [UInt64(0x7f00_0010_0000), 0x6000_0000_0000] {
            take(.mapped(Mapped(timeNs: 2, pid: 77, mapping: MemoryMapping(start: start, end: start + 0x1000, offset: 0, kind: .anonymous, name: ""))))
        }
        var faults = [one(6_000_000_000, 77, 77, "two", 0x7f00_0010_0000, .minor, 900)]
        for _ in 0..<3 { faults.append(one(6_000_000_000, 77, 77, "two", 0x6000_0000_0000, .minor, 900)) }
        take(script.batch(faults))
    }

    /// The same with nothing in it yet.
    static var empty: TopData {
        TopData(TraceSummary(session: session()), TraceActivity(startNs: 1_000_000_000), target: "this machine")
    }

    var data: TopData {
        mutating get {
            if isRecording { return recorded }
            return TopData(assembly.snapshot()!, board.state!, target: "this machine")
        }
    }

    private var recorded: TopData {
        mutating get {
            let summary = assembly.finish()!
            return TopData(summary, board.state!, target: "run.flt", isEnded: true, missing: summary.cutWords)
        }
    }

    /// The agent's last word, without which a recording is cut.
    mutating func end() { take(script.bye(afterNs: 5_100_000_000)) }

    private mutating func take(_ message: AgentMessage) {
        try! assembly.take(message, at: .now)
        board.note(message)
    }

    private mutating func introduce() {
        take(.process(ProcessFacts(
            timeNs: 1, pid: 4120, parent: 712, uid: 10_123, bornNs: 500_000_000, name: "example.browser",
            commandLine: "com.example.browser:tab0 --tab", executable: "/system/bin/app_process64", package: "com.example.browser")))
        file(4120, 0x7f00_0000_0000, "/data/app/~~x==/com.example.browser-1/base.apk")
        file(4120, 0x7f00_0100_0000, "/system/lib64/libc.so")
        file(77, 0x7f00_0000_0000, "/usr/lib/x86_64-linux-gnu/libc.so.6")
    }

    private mutating func file(_ pid: UInt32, _ start: UInt64, _ name: String) {
        take(.mapped(Mapped(
            timeNs: 2, pid: pid, mapping: MemoryMapping(start: start, end: start + 0x10_0000, offset: 0, kind: .filePrivate, name: name))))
    }

    private mutating func live(_ second: UInt64) {
        let start = 1_000_000_000 + second * 1_000_000_000
        var faults: [PageFault] = []
        for step in 0..<UInt64(200 + second * 300) {
            faults.append(one(start + step * 600_000, 4120, 4120, "main", 0x7f00_0000_1000 + step * 16, .minor, 2000 + step))
        }
        for step in 0..<UInt64(3) { faults.append(one(start + step * 1_000_000, 4120, 4163, "RenderThread", 0x7f00_0100_2000, .major, 4_200_000)) }
        for step in 0..<UInt64(40) { faults.append(one(start + step * 2_000_000, 77, 77, "evil\u{1b}[2J", 0x7f00_0000_3000, .minor, 900)) }
        faults.append(one(start, 5, 5, "漢字のう", 0x1000, .failed, nil))
        take(script.batch(faults))
        take(.cpuTimes(CPUTimes(timeNs: start + 900_000_000, list: [
            .init(pid: 4120, cpuTimeNs: (second + 1) * 310_000_000), .init(pid: 77, cpuTimeNs: (second + 1) * 4_000_000),
        ])))
    }

    private func one(
        _ timeNs: UInt64, _ pid: UInt32, _ tid: UInt32, _ comm: String, _ address: UInt64, _ outcome: FaultOutcome, _ latencyNs: UInt64?
    ) -> PageFault {
        var fault = fault(timeNs, pid: pid, tid: tid, comm: Array(comm.utf8), traits: userWrite | outcome.rawValue << 6, address: address)
        fault.latencyNs = latencyNs
        return fault
    }
}

/// `faultline top` without a terminal: keys in, lines out.
struct TopDriver {
    private(set) var state: TopState
    private(set) var wish = TopState.Wish.nothing
    var (width, height) = (80, 24)
    let data: TopData

    init(_ data: TopData) {
        self.data = data
        state = TopState(sortedBy: data.firstColumn)
    }

    var view: TopView { TopView(state, data, width: width, height: height) }
    var lines: [String] { view.screen.lines }
    var text: String { lines.joined(separator: "\n") }

    mutating func press(_ keys: Key...) {
        for key in keys { wish = state.take(key, view.contents) }
    }

    mutating func type(_ text: String) {
        for character in text { press(.character(character)) }
    }

    /// The line on which a text stands.
    func line(with text: String) -> String? { lines.first { $0.contains(text) } }

    /// The line that is selected.
    var selectedLine: String? {
        let screen = view.screen
        let line = (5..<height - 1).first { screen.cells[$0 * width].style == .bar }
        return line.map { screen.lines[$0] }
    }
}
