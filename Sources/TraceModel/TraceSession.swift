public import FaultModel
public import WireProtocol

/// What is known of a trace when it begins.
public struct TraceSession: Equatable, Sendable {
    /// The agent's own version, for people.
    public var agentVersion: String
    public var cpuCount: UInt32
    /// What the device can give.
    public var report: PreflightReport
    public var source: FaultSource
    public var transport: Transport
    /// What each fault tells, in the order in which the agent names it.
    public var columns: [Column]
    /// Every other column, and why faults do not tell it here.
    public var missing: [MissingColumn]
    /// The kernel buffer's size in bytes, all CPUs together.
    public var bufferSize: UInt64
    /// When the trace was on: CLOCK_BOOTTIME, as the faults' times.
    public var startNs: UInt64
    /// CLOCK_REALTIME at `startNs`.
    public var wallClockNs: UInt64
    /// The process id of the command that the agent runs; nil: there is none.
    public var commandPid: UInt32?
    /// One fault in so many was let through: each event stands for this many.
    public var sampleEvery: UInt32

    /// - Parameter sampleEvery: as in the filter that was asked for.
    public init(hello: Hello, started: Started, sampleEvery: UInt32 = 1) {
        agentVersion = hello.agentVersion
        cpuCount = hello.cpuCount
        report = hello.report
        source = started.source
        transport = started.transport
        columns = started.columns
        missing = started.missing
        bufferSize = started.bufferSize
        startNs = started.timeNs
        wallClockNs = started.wallClockNs
        commandPid = started.commandPid == 0 ? nil : started.commandPid
        self.sampleEvery = sampleEvery
    }
}
