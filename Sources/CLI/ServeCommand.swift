import ArgumentParser
import Dashboard
import DeviceLink
import Dispatch
import FaultModel
import LiveModel
import Recording
import Synchronization
import TraceModel
import WireProtocol

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// `faultline serve`: a trace as a page in the browser, and as metrics.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Shows page faults in the browser, while they happen or of a recording, and as metrics for Prometheus.",
        discussion: """
            The dashboard is at /, the metrics are at /metrics. Only this machine can open it unless --listen names another address; then \
            the address that is printed has a token, which \(ListenOptions.tokenVariable) can give, too. Ctrl-C ends it.
            """)

    @Argument(help: ArgumentHelp("What 'trace --output' made; shown in place of a target.", valueName: "file.flt"), completion: .file(extensions: ["flt"]))
    var recording: String?

    @OptionGroup(title: "Targets") var targets: ServeTargets
    @OptionGroup(title: "Dashboard") var listening: ListenOptions
    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup(title: "Kernel") var kernel: SourceOptions
    @OptionGroup(title: "Stacks") var stacks: StackOptions

    func validate() throws {
        if recording != nil, targets.isNamed { throw ValidationError("A recording is shown, or a target; give one of them.") }
        try filters.validate(with: kernel, command: [])
    }

    func run() async throws {
        // A pipe is opened when somebody else opens it, too: until then a signal ends us as it ends anybody.
        let recorded = try recording.map(Self.recorded)
        let interrupts = Interrupts()
        await interrupts.trap()
        let sources = if let recorded { [recorded] } else { try await devices() }
        let server = DashboardServer(sources.map(\.trace), at: listening.place, token: try listening.token())
        let work = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run(onReady: Self.tell) }
                for source in sources { group.addTask { try await source.feed() } }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
        interrupts.onFirst { work.cancel() }
        do {
            try await work.value
        } catch where work.isCancelled {}
    }

    private static func tell(_ address: String) {
        Console.error("dashboard at \(address), metrics for Prometheus at /metrics there; Ctrl-C ends it")
    }

    // MARK: Where faults come from

    /// A trace, and what feeds it until it is cancelled.
    private struct Source {
        let trace: LiveTrace
        let feed: @Sendable () async throws -> Void
    }

    /// One device that cannot be traced ends the command if it is the only one; otherwise it is waited for, and the others go on.
    private func devices() async throws -> [Source] {
        let list = try await targets.list()
        return list.map { target in
            let trace = LiveTrace(label: target.label)
            let feed = LiveFeed(target: target, start: start(target), trace: trace, isOnly: list.count == 1)
            return Source(trace: trace) { try await feed.run() }
        }
    }

    private static func recorded(_ path: String) throws -> Source {
        let replay = try Replay(path)
        let trace = LiveTrace(recording: replay.header)
        let opened = Mutex<Replay?>(replay)
        let reading: @Sendable () -> Void = { if let replay = opened.withLock({ $0.take() }) { play(replay, path, trace) } }
        // Nobody waits for the reader, for the one who writes into a pipe may never go on.
        return Source(trace: trace) {
            DispatchQueue.global().async(execute: reading)
            while true { try await Task.sleep(for: .seconds(3600)) }
        }
    }

    /// Reads a recording while the page can already be seen.
    private static func play(_ replay: consuming Replay, _ path: String, _ trace: LiveTrace) {
        let played = PlayedRecording(path, replay.run(into: OrderedOutput(trace.sink, order: .ofComing)))
        trace.become(.ended(missing: played.missing))
        do {
            try played.tellProblems()
        } catch {
            Console.error("faultline: \(error)")
        }
    }

    /// The trace to ask for.
    private func start(_ target: TargetOptions) -> Start {
        Start(
            source: kernel.source, transport: kernel.transport, wantsOutcome: !kernel.noOutcome, stacks: stacks.kinds,
            bufferSize: kernel.buffer?.bytes ?? 0, filter: filters.filter, command: [], eventLimit: 0,
            controllerPid: target.isThisMachine ? UInt32(getpid()) : 0)
    }
}

extension TargetOptions {
    /// What people know the target by.
    var label: String {
        switch target {
        case .local: "local"
        case .device(let serial): serial ?? "device"
        case .agent(let place, _): "\(place)"
        }
    }
}
