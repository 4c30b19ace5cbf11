import ArgumentParser
import DeviceLink
import Exporters
import FaultModel
import JSONText
import Recording
import TerminalView
import TraceModel
import TraceReport
import WireProtocol

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// `faultline launch`: the page faults of an app's start.
struct LaunchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Starts an Android app and says what its start spent in page faults.",
        discussion: """
            The app is ended first, and its faults are traced from before it starts until it has been drawn. What Android's zygote does for it \
            before the process becomes the app's user is not among them.
            """)

    @Argument(help: ArgumentHelp("The app, by the activity that a launcher starts or another.", valueName: "package[/activity]"))
    var app: LaunchedApp

    @OptionGroup(title: "Target") var device: DeviceOptions
    @OptionGroup(title: "Kernel") var kernel: SourceOptions
    @OptionGroup(title: "Recording") var recording: RecordingOptions

    @Flag(help: "Drop the device's page cache first, so that files are read from storage.") var cold = false
    @Option(help: ArgumentHelp("Go on so long after it has been drawn.", valueName: "1s")) var after = Duration.milliseconds(500)
    @Flag(help: "Write one JSON object.") var json = false

    func validate() throws {
        if kernel.source == .perfRing { throw ValidationError("perf_ring cannot filter by package; use another source.") }
    }

    func run() async throws {
        let interrupts = Interrupts()
        await interrupts.trap()
        let launcher = AppLauncher(try await device.reach())
        let component = try await component(launcher)
        let agent = DeviceAgent(launcher.device, keepsFile: device.keep, note: DeviceOptions.note)
        let trace = LaunchTrace(command: self, launcher: launcher, component: component, interrupts: interrupts)
        try await trace.prepare()
        let outcome = try await agent.run { endpoint in
            try await AgentLink.open(to: endpoint) { link, messages in try await trace.run(link, &messages) }
        }
        try show(outcome.report, recorded: outcome.recorded?.words)
        if let failure = outcome.failure { throw failure }
    }

    private func component(_ launcher: AppLauncher) async throws -> Component {
        try await launcher.requireInstalled(app.package)
        if let activity = app.activity { return Component(package: app.package, activity: activity) }
        return try await launcher.launcherActivity(of: app.package)
    }

    private func show(_ report: LaunchReport, recorded: String?) throws(OutputError) {
        guard json else { return try Console.write(LaunchText(report, recorded: recorded, isColored: isatty(STDOUT_FILENO) == 1).text) }
        var text = JSONText()
        report.write(to: &text)
        text.newline()
        try Console.write(text.bytes.span.bytes)
    }
}
