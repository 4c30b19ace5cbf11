import DeviceLink
import FaultModel
import Recording
import Synchronization
import TraceModel
import TraceReport
import WireProtocol

/// One app's start, traced through an agent.
struct LaunchTrace: Sendable {
    let command: LaunchCommand
    let launcher: AppLauncher
    let component: Component
    let interrupts: Interrupts

    struct Outcome: Sendable {
        let report: LaunchReport
        /// What ended the trace before its time.
        let failure: (any Error)?
        let recorded: Recorded?
    }

    /// - Throws: `LaunchError`, `DeviceError` where the app did not start; `LinkError` where no trace came about.
    func run(_ link: AgentLink, _ messages: inout AgentMessages) async throws -> Outcome {
        let recorder = try command.recording.recorder(of: recordedDevice, link.hello, start)
        try await link.send(.start(start))
        let (activity, faults) = (Box<Result<LaunchedActivity, any Error>>(), Box<LaunchFaults>())
        let stops = Stops { try await launch(activity) }
        stops.reached(link)
        interrupts.onFirst(stops.stop)
        defer { stops.disarm() }
        let output = OrderedOutput<OutputError>(LaunchBuilder<OutputError> { faults.put($0) }, order: .ofComing)
        var receiver = TraceReceiver(
            TraceAssembly(hello: link.hello, wantsSymbols: true, output: output), recorder: recorder, stops: stops)
        let lost = await receiver.receive(&messages, from: link)
        let (_, failure) = try receiver.finish(lost)
        let found = faults.value!
        let report = LaunchReport(described(try activity.value?.get(), found.summary.session), found)
        return Outcome(report: report, failure: failure, recorded: receiver.recorded)
    }

    private var start: Start {
        var filter = FaultFilter()
        filter.packages = [component.package]
        return Start(
            source: command.kernel.source, transport: command.kernel.transport, wantsOutcome: !command.kernel.noOutcome,
            bufferSize: command.kernel.buffer?.bytes ?? 0, filter: filter)
    }

    private var recordedDevice: RecordedDevice {
        let device = launcher.device
        return RecordedDevice(name: "", serial: device.serial, model: device.profile.model ?? "")
    }

    // MARK: The app

    /// Ends the app, and has its files forgotten where that is wanted. No agent waits for us meanwhile.
    func prepare() async throws {
        try await launcher.stop(component.package)
        guard command.cold else { return }
        DeviceOptions.note("dropping the page cache of device \(launcher.device.serial), for every program there")
        try await launcher.dropCaches()
    }

    /// Returns when the trace shall end.
    private func launch(_ activity: Box<Result<LaunchedActivity, any Error>>) async throws {
        do {
            activity.put(.success(try await launcher.start(component)))
            try await Task.sleep(for: command.after)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            activity.put(.failure(error))
        }
    }

    /// - Parameter activity: nil: the trace ended before the activity was drawn.
    private func described(_ activity: LaunchedActivity?, _ session: TraceSession) -> Launch {
        guard let activity else {
            return Launch(package: component.package, activity: component.activity, isCold: command.cold, startNs: session.startNs)
        }
        return Launch(
            package: component.package, activity: component.activity, isCold: command.cold, state: activity.start.state,
            startNs: activity.startNs(bootNs: session.startNs, wallClockNs: session.wallClockNs),
            displayedAfterNs: activity.start.totalMs.map(Self.nanoseconds), waitedNs: activity.start.waitMs.map(Self.nanoseconds))
    }

    private static func nanoseconds(_ milliseconds: UInt64) -> UInt64 { min(milliseconds, 1 << 40) * 1_000_000 }
}

/// Where one task leaves something for another.
private final class Box<Value: Sendable>: Sendable {
    private let content = Mutex<Value?>(nil)

    var value: Value? { content.withLock(\.self) }

    func put(_ value: Value) { content.withLock { $0 = value } }
}
