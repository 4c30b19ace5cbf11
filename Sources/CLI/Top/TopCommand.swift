import ArgumentParser
import DeviceLink
import FaultModel
import LiveModel
import Recording
import TerminalControl
import TerminalView
import TraceModel
import WireProtocol

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// `faultline top`: the whole terminal as a live view.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Shows on the whole terminal who faults at the moment, and where.",
        discussion: """
            Processes, threads, files and regions by faults per second, time in faults and share of the CPU, sorted by any column; \
            Enter looks into a process, / filters as you type, ? explains the keys, q ends the trace. With --stacks it also shows the \
            functions that led to faults. Each fault is told, as in a trace, so that every view is there at once and of the whole time. \
            With a file it shows what 'trace --output' recorded.
            """)

    @Argument(help: ArgumentHelp("What 'trace --output' made.", valueName: "file.flt"), completion: .file(extensions: ["flt"]))
    var recording: String?

    @OptionGroup(title: "Target") var target: TargetOptions
    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup(title: "Kernel") var kernel: SourceOptions
    @OptionGroup(title: "Stacks") var stacks: StackOptions

    func validate() throws {
        try CommandOptions.validate([], filters, nil)
        try filters.validate(with: kernel, command: [])
        if recording != nil, target.isNamed || filters.filter != FaultFilter() {
            throw ValidationError("A recording is shown as it was made; leave out the target and the filters, and press / in the view to filter.")
        }
    }

    func run() async throws {
        try Terminal.check()
        if let recording { try await play(recording) } else { try await trace() }
    }

    // MARK: A recording

    /// Until it is read a signal ends us as it ends anybody: it may be a pipe, of which nobody knows when it goes on.
    private func play(_ path: String) async throws {
        let board = ActivityBoard(span: .whole)
        let replay = try Replay(path)
        let played = PlayedRecording<Never>(
            path, replay.run(into: OrderedOutput(ActivitySink(board), order: .ofComing), progress: ProgressLine().show))
        guard let activity = board.state else { return try played.tellProblems() }
        let session = TopSession(TopData(played.result.summary, activity, target: path, isEnded: true, missing: played.missing))
        let interrupts = Interrupts()
        await interrupts.trap()
        let (wish, leave) = AsyncStream.makeStream(of: Never.self)
        interrupts.onFirst { leave.finish() }
        try await TopUser(session, interrupts).whilePresent { for await _ in wish {} }
        try played.tellProblems()
    }

    // MARK: A trace

    private func trace() async throws {
        let interrupts = Interrupts()
        await interrupts.trap()
        let session = TopSession(target: target.target.words, wantsSymbols: !stacks.kinds.isEmpty, sampleEvery: filters.sample)
        let (summary, failure) = try await TopUser(session, interrupts).whilePresent { [self] in try await trace(session, interrupts) }
        Console.error(EndingReport(summary, isColored: isatty(STDERR_FILENO) == 1).headText)
        if let failure { throw failure }
    }

    private func trace(_ session: TopSession, _ interrupts: Interrupts) async throws -> (TraceSummary, LinkError?) {
        try await target.withAgent { [self] link, messages in
            await session.begin(link.hello)
            try await link.send(.start(start))
            interrupts.onFirst { await Self.end(link, session) }
            var failure: LinkError?
            do throws(LinkError) {
                while await !session.isOver, !Task.isCancelled, let message = try await messages.next() {
                    for question in try await session.take(message) { try? await link.send(question) }
                }
            } catch {
                failure = error
            }
            return try await session.finish(failure)
        }
    }

    /// How long a user who wants to leave waits for what is still on its way.
    private static let leavingPatience = Duration.seconds(5)

    private static func end(_ link: AgentLink, _ session: TopSession) async {
        try? await link.send(.stop)
        Task {
            try? await Task.sleep(for: leavingPatience)
            if await !session.isOver { Faultline.running.cancel() }
        }
    }

    private var start: Start {
        Start(
            source: kernel.source, transport: kernel.transport, wantsOutcome: !kernel.noOutcome,
            stacks: stacks.kinds, bufferSize: kernel.buffer?.bytes ?? 0, filter: filters.filter,
            controllerPid: target.isThisMachine ? UInt32(getpid()) : 0)
    }
}

extension Target {
    /// What people call it.
    fileprivate var words: String {
        switch self {
        case .local: "this machine"
        case .device(let serial): serial ?? "the only device"
        case .agent(let place, _): "\(place)"
        }
    }
}
