import FaultModel
import LiveModel
import TerminalView
import TraceModel
import TraceReport
import WireProtocol

/// `faultline trace`, `top`, `serve` and `report` without a terminal and without a network.
struct TraceViews {
    private let live = LiveTrace(label: "device")
    private let board = ActivityBoard(span: .latest)
    private var assembly: TraceAssembly<Never>
    private var now = ContinuousClock.now

    /// - Parameter variant: any number; with another one other views are shown.
    init(_ hello: Hello, variant: Int) {
        let grouping = ReportGrouping.allCases[variant % ReportGrouping.allCases.count]
        let lines = LineSink<TextLines, Never>(TextLines(isColored: true, stacks: [.user, .kernel])) { _ in }
        let report = ReportBuilder(by: grouping) { report in
            _ = ReportText(report, origin: [], top: ReportText.groupsShown, isColored: false).text
        }
        let sinks: [any EventSink<Never>] = [lines, report, live.sink, ActivitySink(board)]
        assembly = TraceAssembly(hello: hello, wantsSymbols: true, output: OrderedOutput(FanOutSink(sinks)))
    }

    consuming func take(_ messages: [AgentMessage]) {
        for (place, message) in messages.enumerated() {
            guard (try? take(message)) != nil else { break }
            if place % 32 == 31 { show() }
        }
        show()
        tellAgain()
        if let summary = assembly.finish() { _ = EndingReport(summary, isColored: false).text }
        show()
    }

    private mutating func take(_ message: AgentMessage) throws(TraceViolation) {
        live.note(message)
        board.note(message)
        try assembly.take(message, at: now)
        for question in assembly.takeQuestions() { _ = question.encoded() }
        now += .milliseconds(100)
    }

    private mutating func show() {
        _ = live.view(LiveQuery())
        _ = live.metrics
        guard let summary = assembly.snapshot(), let activity = board.state else { return }
        let data = TopData(summary, activity, target: "device")
        _ = TopView(TopState(sortedBy: data.firstColumn), data, width: 120, height: 40).screen
    }

    /// As where a recording goes on in another file: who reads that alone knows the same.
    private mutating func tellAgain() {
        guard let session = assembly.session else { return }
        let (said, asked) = assembly.retold(atNs: session.startNs)
        for message in said { _ = message.encoded() }
        for question in asked { _ = question.encoded() }
    }
}
