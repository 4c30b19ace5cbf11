import DeviceLink
import LiveModel
import TerminalControl
import TerminalView
import TraceModel
import WireProtocol

/// One `faultline top`: what the agent says and what the user presses come together here, and make screens.
actor TopSession {
    private let target: String
    private let wantsSymbols: Bool
    private let sampleEvery: UInt32
    private let board = ActivityBoard()
    /// What has been played; nil: a trace is under way.
    private let played: TopData?
    private var assembly: TraceAssembly<OutputError>?

    private var parser = KeyParser()
    private var state: TopState
    private var contents = TopContents()
    /// What the user stopped; nil: it runs.
    private var held: TopData?

    /// What the terminal shows; nil: nobody knows.
    private var shown: Screen?
    private var isWriting = false
    /// Something has changed while the terminal was still taking the last frame.
    private var isOutdated = false

    init(target: String, wantsSymbols: Bool, sampleEvery: UInt32) {
        self.target = target
        self.wantsSymbols = wantsSymbols
        self.sampleEvery = sampleEvery
        played = nil
        state = TopState()
    }

    /// A trace that is over: what it came to is what counts.
    init(_ played: TopData) {
        (target, wantsSymbols, sampleEvery) = (played.target, false, 1)
        self.played = played
        state = TopState(sortedBy: played.firstColumn)
    }

    // MARK: The trace

    func begin(_ hello: Hello) {
        assembly = TraceAssembly(
            hello: hello, sampleEvery: sampleEvery, wantsSymbols: wantsSymbols,
            output: OrderedOutput(ActivitySink(board), order: .ofComing))
    }

    /// The agent has said its last word.
    var isOver: Bool { assembly?.bye != nil }

    /// Takes what the agent says next.
    ///
    /// - Returns: what to ask it.
    func take(_ message: AgentMessage) throws(LinkError) -> [HostMessage] {
        do throws(TraceViolation) {
            try assembly?.take(message, at: .now)
        } catch {
            throw LinkError(error)
        }
        board.note(message)
        return assembly?.takeQuestions() ?? []
    }

    /// - Parameter failure: what ended the trace before its time.
    /// - Returns: what it came to, and why that is not all.
    /// - Throws: `LinkError` where there was no trace.
    func finish(_ failure: LinkError?) throws(LinkError) -> (TraceSummary, LinkError?) {
        guard let summary = assembly?.finish() else { throw failure ?? .nobodyThere }
        let cut = summary.cut.map { $0 == .noEnding ? LinkError.cut : .incomplete }
        return (summary, failure ?? cut)
    }

    private var data: TopData? {
        if let played { return played }
        guard let summary = assembly?.snapshot(), let activity = board.state else { return nil }
        return TopData(summary, activity, target: target)
    }

    // MARK: The user

    enum Wish {
        case nothing, look, leave, suspend
    }

    /// How often something was typed.
    private(set) var keysTaken = 0
    /// A key has begun that may go on.
    var awaitsKeys: Bool { parser.isWaiting }

    /// Takes what was typed.
    func press(_ bytes: [UInt8]) -> Wish {
        keysTaken += 1
        return take(parser.take(bytes))
    }

    /// Nothing more was typed for a moment, if it was typed so often.
    func pressRest(ifStill count: Int) -> Wish { count == keysTaken ? take(parser.takeRest()) : .nothing }

    private func take(_ keys: [Key]) -> Wish {
        for key in keys {
            switch state.take(key, contents) {
            case .quit: return .leave
            case .redraw: shown = nil
            case .suspend: return .suspend
            case .nothing: held = state.isPaused ? held ?? data : nil
            }
            // The next key is meant for what this one has made.
            if keys.count > 1 { _ = view() }
        }
        return keys.isEmpty ? .nothing : .look
    }

    // MARK: The screen

    /// Shows how things stand. While the terminal is busy with the last frame nothing is drawn: a slow line has fewer frames and
    /// not older ones, and the trace does not wait for it.
    func draw() async {
        isOutdated = true
        if isWriting { return }
        isWriting = true
        while isOutdated {
            isOutdated = false
            let bytes = frame()
            if !bytes.isEmpty { await Terminal.write(bytes) }
        }
        isWriting = false
    }

    private func frame() -> [UInt8] {
        guard let screen = view() else { return [] }
        if Terminal.wasTakenAnew { shown = nil }
        defer { shown = screen }
        return ScreenUpdate.bytes(from: shown, to: screen, isColored: Terminal.isColored)
    }

    private func view() -> Screen? {
        guard let (width, height) = Terminal.size else { return nil }
        guard let data else { return TopView.waiting("connecting to \(target) …", width: width, height: height) }
        let view = TopView(state, data, held: held, width: width, height: height, isUnicode: Terminal.isUnicode)
        contents = view.contents
        return view.screen
    }
}
