public import ArgumentParser
import DeviceLink
import Exporters
import FaultModel
import JSONText
import TerminalView
public import TraceModel
import WireProtocol

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// `faultline stat`: how many faults, whose, and how long they took, without showing each.
struct StatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stat",
        abstract: "Counts page faults by process, thread, mapping or cause.",
        discussion: """
            Faults of processes and threads are counted in the kernel, which costs a fraction of what showing each does. Mappings, \
            regions and causes are not known there: for them each fault is told, as in a trace, and counted here. With a command \
            after --, that program is run on the target and its faults are counted, with those of the processes that it starts.
            """)

    @OptionGroup(title: "Target") var target: TargetOptions
    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup(title: "Kernel") var kernel: SourceOptions

    @Option(help: "What is counted apart.") var by: FaultGrouping = .process
    @Option(help: ArgumentHelp("Also what each such interval came to.", valueName: "1s")) var interval: Duration?
    @Option(help: ArgumentHelp("Show this many of them, those with the most faults; 0 for all.", valueName: "n"))
    var top = TallyReport.groupsShown
    @Option(help: ArgumentHelp("End after this time, and a command with it.", valueName: "10s")) var duration: Duration?
    @Flag(help: "Write one JSON object, and one a line before it for each interval.") var json = false

    @Argument(parsing: .postTerminator, help: "A program to run and count the faults of, with its arguments.")
    var command: [String] = []

    /// Between two intervals where nobody asked for them: how often CPU times are read.
    private static let quietInterval = Duration.seconds(1)
    private static let shortestInterval = Duration.milliseconds(50)

    func validate() throws {
        try CommandOptions.validate(command, filters, duration)
        try filters.validate(with: kernel, command: command)
        if let interval, interval < Self.shortestInterval {
            throw ValidationError("--interval: the agent counts in rounds; 50ms is the shortest interval.")
        }
        if by == .cause, kernel.noOutcome {
            throw ValidationError("--by cause asks how faults end, and --no-outcome leaves that out; give one of them.")
        }
        if top < 0 { throw ValidationError("--top: ask for 1 and more, or for 0 to see all.") }
    }

    func run() async throws {
        let interrupts = Interrupts()
        await interrupts.trap()
        let (summary, failure) = try await target.withAgent { [self] link, messages in
            try await link.send(.start(start))
            let stops = Stops(link, duration: duration)
            interrupts.onFirst(stops.stop)
            defer { stops.disarm() }
            var receiver = TallyReceiver(
                hello: link.hello, grouping: by, weight: UInt64(filters.sample),
                interval: intervalOutput)
            return try await receiver.receive(
                &messages, look: { pid in try? await link.send(.look(Look(pid: pid))) }, stops: stops)
        }
        try showLast(summary)
        if let failure { throw failure }
    }

    private var start: Start {
        Start(
            source: kernel.source, transport: kernel.transport, wantsOutcome: !kernel.noOutcome,
            tally: TallyWish(key: by.key, intervalNs: (interval ?? Self.quietInterval).wholeNanoseconds),
            bufferSize: kernel.buffer?.bytes ?? 0, filter: filters.filter, command: command,
            controllerPid: target.isThisMachine ? UInt32(getpid()) : 0)
    }

    // MARK: Output

    private var intervalOutput: (@Sendable (TallySummary) throws(OutputError) -> Void)? {
        if interval == nil { return nil }
        return { [self] part throws(OutputError) in try show(part, isInterval: true) }
    }

    private func show(_ summary: TallySummary, isInterval: Bool) throws(OutputError) {
        if json { return try Console.write(line(summary, isInterval: isInterval)) }
        let report = TallyReport(summary, top: shown, isColored: isatty(STDOUT_FILENO) == 1)
        try Console.write(isInterval ? report.intervalText + "\n" : report.text)
    }

    /// A reader that has seen enough of the intervals has gone by now.
    private func showLast(_ summary: TallySummary) throws(OutputError) {
        do throws(OutputError) {
            try show(summary, isInterval: false)
        } catch {
            if error != .closed { throw error }
        }
    }

    private var shown: Int { top == 0 ? .max : top }

    private func line(_ summary: TallySummary, isInterval: Bool) -> String {
        var text = JSONText()
        if isInterval {
            text.beginObject()
            text.key("interval")
        }
        summary.write(top: shown, to: &text)
        if isInterval { text.endObject() }
        text.newline()
        return String(decoding: text.bytes, as: UTF8.self)
    }
}

extension FaultGrouping: ExpressibleByArgument {}

extension Duration {
    fileprivate var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
