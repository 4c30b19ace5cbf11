import ArgumentParser
import DeviceLink
import Exporters
import FaultModel
import Recording
import TerminalView
import TraceModel
import WireProtocol

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// `faultline trace`: every fault as it happens.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Shows each page fault as it happens.",
        discussion: """
            With a command after --, that program is run on the target and only its faults are shown, with those of the \
            processes that it starts, from the first on. Its output goes to standard error. The trace ends with it.
            """)

    @OptionGroup(title: "Target") var target: TargetOptions
    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup(title: "Kernel") var kernel: SourceOptions
    @OptionGroup(title: "Stacks") var stacks: StackOptions
    @OptionGroup(title: "Recording") var recording: RecordingOptions

    @Option(help: "How faults are written.") var format: ExportFormat = .text
    @Option(help: ArgumentHelp("End after this time, and a command with it.", valueName: "10s")) var duration: Duration?
    @Option(help: ArgumentHelp("End after this many faults, and a command with it.", valueName: "n")) var count: UInt64?
    @Option(
        help: ArgumentHelp("When the connection is lost, wait so long for the device and go on; the gap is told.", valueName: "10m"))
    var reconnect: Duration?
    @Flag(help: "Write no faults, only the summary.") var quiet = false
    @Flag(help: "Leave out the names of functions.") var noSymbols = false

    @Argument(parsing: .postTerminator, help: "A program to run and trace, with its arguments.")
    var command: [String] = []

    func validate() throws {
        try CommandOptions.validate(command, filters, duration)
        try filters.validate(with: kernel, command: command)
        try validateReconnecting()
        if count == 0 { throw ValidationError("--count 0 would end before it began; leave it out to trace without a limit.") }
    }

    /// A command dies with the agent that began it, so that there is nothing to go on with.
    private func validateReconnecting() throws {
        guard let reconnect else { return }
        if reconnect < .seconds(1) { throw ValidationError("--reconnect: 1s is the shortest time to wait.") }
        if !command.isEmpty { throw ValidationError("--reconnect and a command exclude each other: the command ends with its agent.") }
    }

    func run() async throws {
        let interrupts = Interrupts()
        await interrupts.trap()
        let (summary, failure, recorded) = try await LastingTrace(self, interrupts).run()
        Console.error(EndingReport(summary, recorded: recorded?.words, isColored: isatty(STDERR_FILENO) == 1).text)
        if let failure { throw failure }
    }

    /// Where nobody sees functions' names, none are asked for; whoever reads a recording will.
    func assembly(_ hello: Hello) -> TraceAssembly<OutputError> {
        TraceAssembly(
            hello: hello, sampleEvery: filters.sample, wantsSymbols: !noSymbols && (!quiet || recording.output != nil),
            output: OrderedOutput(sink, order: quiet ? .noFaults : .ofTime))
    }

    /// The trace to ask for.
    var start: Start {
        Start(
            source: kernel.source, transport: kernel.transport, wantsOutcome: !kernel.noOutcome,
            stacks: stacks.kinds, bufferSize: kernel.buffer?.bytes ?? 0,
            filter: filters.filter, command: command, eventLimit: count ?? 0,
            controllerPid: target.isThisMachine ? UInt32(getpid()) : 0)
    }

    private var sink: any EventSink<OutputError> {
        let write: @Sendable (RawSpan) throws(OutputError) -> Void = { bytes throws(OutputError) in
            try Console.write(bytes)
        }
        return switch format {
        case .text: LineSink(TextLines(isColored: isatty(STDOUT_FILENO) == 1, stacks: stacks.kinds), write: write)
        case .json: LineSink(JSONLines(stacks: stacks.kinds), write: write)
        case .csv: LineSink(CSVRows(stacks: stacks.kinds), write: write)
        }
    }
}
