import FaultModel
public import WireProtocol

/// What a trace came to. It is filled while the trace runs and says at any time how things stand.
public struct TraceSummary: Sendable {
    public var session: TraceSession
    public var statistics = FaultStatistics()
    /// What the numbers in the statistics stand for; they come when the trace has ended.
    public var names = TraceNames()
    /// How the command ended and what the kernel counted for it; nil: no command, or it still runs.
    public var command: CommandEnded?
    /// How long the processes that occur ran on CPUs.
    public var cpu = CPULedger()
    /// The agent's own cost, as it last told.
    public var agent: Stats?
    /// The agent's last word; nil: it has not come.
    public var bye: Bye?
    /// When the connection was lost, and came back.
    public var outages: [Outage] = []
    /// Files in which functions' names were asked for in vain.
    public var namelessFiles: [NamelessFile] = []

    public init(session: TraceSession) { self.session = session }

    /// Keeps what a message says about the trace; losses and faults are added to `statistics` by whoever orders them.
    public mutating func note(_ message: AgentMessage) {
        switch message {
        case .stats(let stats): agent = stats
        case .commandEnded(let ended): command = ended
        case .cpuTimes(let times): cpu.note(times)
        case .bye(let last): bye = last
        default: break
        }
    }
}

// MARK: - Totals

extension TraceSummary {
    /// Faults received.
    public var events: UInt64 { statistics.totals.events }

    /// Faults that passed the filters and found no room.
    public var lost: UInt64 { max(statistics.losses.total, bye?.lost ?? 0) }

    /// Faults that passed the filters and that the rate limit held back: neither events nor lost. Zero until the end.
    public var heldBack: UInt64 { bye?.heldBack ?? 0 }

    /// From the start to the detaching, or where the agent did not say when that was to the last moment of which it told anything.
    public var durationNs: UInt64 {
        if let bye { return bye.durationNs }
        return max(statistics.totals.lastNs, cpu.readNs).subtractingOrZero(session.startNs)
    }

    /// How much of that nothing is known, because the connection was lost.
    public var unknownNs: UInt64 { outages.reduce(0) { $0.addingOrMax($1.durationNs) } }

    /// CPU time of a process per second of the whole trace: 1 is one CPU, all the time. nil: nobody has told.
    ///
    /// The clocks are read once more when the trace has ended already.
    public func cpuShare(of pid: UInt32) -> Double? {
        let wholeNs = max(durationNs, cpu.readNs.subtractingOrZero(session.startNs))
        guard let cpuNs = cpu.time(of: pid), wholeNs > 0 else { return nil }
        return min(Double(cpuNs) / Double(wholeNs), Double(max(session.cpuCount, 1)))
    }

    /// What is known of a process; nil: nobody has told.
    public func process(_ faults: ProcessFaults) -> TracedProcess? { names.process(faults.number, pid: faults.pid) }

    public var ratePerSecond: Double { FaultRate.perSecond(events, overNs: durationNs) }

    /// What one event cost on the wire, by the agent's own count of both; nil where it has not told.
    public var bytesPerEvent: Double? {
        guard let agent, agent.events > 0 else { return nil }
        return Double(agent.bytesSent) / Double(agent.events)
    }
}

// MARK: - Completeness

extension TraceSummary {
    /// Why the numbers cannot be trusted to the last fault.
    public enum Cut: Equatable, Sendable {
        /// The agent's last word never came.
        case noEnding
        /// The agent sent this many events and lost this many, and other numbers arrived.
        case differs(sent: UInt64, lost: UInt64)
        /// The connection was lost so many times, and what happened meanwhile is missing.
        case interrupted(Int)
        /// So many children of followed processes were not followed.
        case notFollowed(UInt64)
    }

    /// Whether the stream was cut on its way; nil: every event that the agent counted is here.
    public var cut: Cut? {
        guard let bye else { return .noEnding }
        guard bye.events == events, bye.lost == statistics.losses.total else {
            return .differs(sent: bye.events, lost: bye.lost)
        }
        if !outages.isEmpty { return .interrupted(outages.count) }
        return bye.notFollowed == 0 ? nil : .notFollowed(bye.notFollowed)
    }
}

extension UInt64 {
    /// The sum, or the greatest number where it would be more: what a peer says may be anything.
    @inline(__always)
    public func addingOrMax(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    /// The product, or the greatest number where it would be more.
    public func multipliedOrMax(by other: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    /// The difference, or zero where it would be negative.
    @inline(__always)
    func subtractingOrZero(_ other: UInt64) -> UInt64 { self > other ? self - other : 0 }
}
