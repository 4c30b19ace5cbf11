import CLinux
import FaultModel
import FaultProbe
import WireProtocol

/// Traces into a file without a controller, until its time is over, the file as large as it may be, or a signal comes.
final class Recording {
    private static let guardIntervalNs: UInt64 = 1_000_000_000
    /// Bytes of the buffer's records to those of a file, at the least: what is left in the buffer at the end goes into the file, too.
    private static let compression: UInt64 = 4

    private let options: RecordOptions
    private let file: Connection
    private let trace: Trace
    private let epoll = linux_epoll()
    private let signals = linux_signals()
    private let beganNs = linux_monotonic_ns()
    private var guardedNs: UInt64 = 0
    private var problem = ""

    /// - Returns: the exit status.
    static func run(_ options: RecordOptions) -> Int32 {
        let descriptor = linux_create(options.path)
        guard descriptor >= 0 else {
            let reason = String(cString: linux_error_name(-descriptor))
            return fail("cannot create \(options.path): \(reason); choose a path where there is no file yet")
        }
        do throws(AgentError) {
            return try Recording(options, Connection(file: descriptor)).run()
        } catch {
            linux_remove(options.path)
            return fail(error.text)
        }
    }

    private static func fail(_ reason: String) -> Int32 {
        Console.error("faultline-agent: " + reason)
        return 1
    }

    private init(_ options: RecordOptions, _ file: Connection) throws(AgentError) {
        self.options = options
        self.file = file
        let report = Device.preflight(withChecks: false)
        RecordingStart.encoded().withUnsafeBytes { file.send($0) }
        file.send(.hello(Device.hello(report)))
        HostMessage.start(options.start).encoded().withUnsafeBytes { file.send($0) }
        trace = try Trace(options.start, connection: file, symboliser: 0)
        file.send(.boot(Device.boot))
        file.send(.started(trace.started))
        Rights.keep(forTracing: trace)
        _ = linux_watch(epoll, signals, false)
        trace.watch(in: epoll)
    }

    private func run() -> Int32 {
        var ready = [Int32](repeating: -1, count: 16)
        var reason: Bye.Reason?
        while reason == nil {
            _ = linux_wait(epoll, trace.pauseMs, &ready)
            trace.pump()
            file.flush()
            reason = ending(nowNs: linux_monotonic_ns())
        }
        return finish(reason ?? .stopped)
    }

    /// Why it is over; nil: it is not.
    private func ending(nowNs: UInt64) -> Bye.Reason? {
        if wasSignalled() { return .signalled }
        if trace.limitReached || size >= sizeToStopAt { return .limitReached }
        if file.isBroken { return note("the file cannot be written to any more") }
        if isShortOfSpace(nowNs) { return note("less than \(options.freeBytes >> 20) MiB are free; remove something, or choose --min-free") }
        return nowNs &- beganNs >= options.durationNs ? .stopped : nil
    }

    private func note(_ problem: String) -> Bye.Reason {
        self.problem = problem
        return .stopped
    }

    private func finish(_ reason: Bye.Reason) -> Int32 {
        trace.finish(reason)
        file.flush()
        linux_sync(file.socket)
        guard problem.isEmpty, !file.isBroken else {
            return Self.fail("the recording \(options.path) ends early: " + (problem.isEmpty ? "the file cannot be written to any more" : problem))
        }
        return 0
    }

    // MARK: Bounds

    private var size: UInt64 { file.bytesSent + UInt64(file.queuedBytes) }

    private var sizeToStopAt: UInt64 { options.sizeLimit - min(options.sizeLimit / 2, trace.bufferSize / Self.compression) }

    private func isShortOfSpace(_ nowNs: UInt64) -> Bool {
        guard nowNs &- guardedNs >= Self.guardIntervalNs else { return false }
        guardedNs = nowNs
        return linux_free_bytes(file.socket) < Int64(clamping: options.freeBytes)
    }

    private func wasSignalled() -> Bool {
        while true {
            let signal = linux_next_signal(signals)
            if signal == 0 { return false }
            if signal != SIGCHLD { return true }
        }
    }
}
