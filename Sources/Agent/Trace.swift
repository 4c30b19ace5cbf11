import AgentCore
import CFaultRecord
import CLinux
import FaultModel
import FaultProbe
import Preflight
import WireProtocol

/// A running trace: records go from the kernel's buffer into batches, and those to the controller.
final class Trace {
    private let stream: EventStream
    private let recorder: FaultRecorder
    private let connection: Connection
    private let clocks = ProcessClocks()
    /// nil: every fault is an event.
    private let tally: TallyRounds?
    private var command: Command?
    private let startedNs: UInt64
    /// Its process id; zero: there is none.
    private let symboliser: UInt32
    private var lost: UInt64 = 0
    /// Up to when the controller knows that it has everything.
    private var completeUntilNs: UInt64 = 0
    private var lastStatsNs: UInt64 = 0
    private var cpus = CPUWatch()
    private var pace = DrainPace()

    /// Attaches, then runs the command if there is one.
    ///
    /// - Parameter symboliser: the process id of the agent's symboliser, whose faults are none of the trace's; zero: there is none.
    init(_ start: Start, connection: Connection, symboliser: UInt32) throws(AgentError) {
        let memory = MemoryNews(connection, start.filter)
        let stream = EventStream(connection, memory, clocks, start.stacks, limit: start.eventLimit)
        self.symboliser = symboliser
        recorder = try withTracefs { () throws(AgentError) in
            try SourceChoice(start, symboliser: symboliser).recorder { stream.take($0) }
        }
        stream.stacks.recorder = recorder
        memory.open(wantsMappings: start.tally?.key ?? .place == .place)
        memory.expect(start.filter.pids)
        let counts = recorder.tally
        tally = start.tally.map { [clocks] in TallyRounds($0, counts, clocks, memory, connection) }
        self.stream = stream
        self.connection = connection
        startedNs = linux_boottime_ns()
        command = start.command.isEmpty ? nil : try Command(start)
        linux_raise_priority()
    }

    /// Has the epoll wake up, at edges, when one of the kernel's buffers is half full.
    func watch(in epoll: Int32) {
        _ = linux_watch(epoll, recorder.descriptor, true)
        if let memory = stream.memory.descriptor { _ = linux_watch(epoll, memory, true) }
    }

    var limitReached: Bool { stream.limitReached }
    /// When to pump next, unless a buffer is half full before.
    var pauseMs: Int32 { pace.intervalMs }
    /// The command's process id; zero: there is none, or it has ended.
    var commandPid: pid_t { command?.pid ?? 0 }
    var usesBPF: Bool { recorder.transport != .perfRing }
    /// Of all CPUs together, in bytes.
    var bufferSize: UInt64 { recorder.bufferSize }

    var started: Started {
        Started(
            source: recorder.source, transport: recorder.transport, columns: told.columns, missing: told.missing,
            bufferSize: recorder.bufferSize, timeNs: startedNs, wallClockNs: linux_realtime_ns(),
            commandPid: UInt32(commandPid))
    }

    private var told: SourceVerdict {
        SourceVerdict(recorder.source, usable: true, reason: "", columns: recorder.columns, missing: recorder.missing)
            .without(stream.memory.missing)
    }

    /// Sends what the kernel has recorded since the last call, unless the controller is behind.
    func pump() {
        guard !connection.isCongested else { return }
        let beganNs = linux_monotonic_ns()
        stream.sleepOffsetNs = sleepOffsetNs()
        attachToNewCPUs(at: beganNs)
        let isComplete = recorder.drain()
        if let gone = recorder.tidyStacks() { stream.stacks.forget(gone) }
        stream.flush()
        report(recorder.newLosses())
        tally?.pump(at: beganNs, sleepOffsetNs: stream.sleepOffsetNs, lost: lost)
        if isComplete { endRound(at: beganNs) }
        sendStats(at: beganNs)
        pace.note(drained: stream.events &+ stream.memory.recordCount, atNs: beganNs)
    }

    /// Stops recording and sends all that is left.
    func finish(_ reason: Bye.Reason) {
        recorder.detach()
        let durationNs = linux_boottime_ns() &- startedNs
        stream.ignoresCongestion = true
        _ = recorder.drain()
        recorder.flushPending()
        stream.flush()
        report(recorder.newLosses())
        tally?.finish(at: linux_monotonic_ns(), sleepOffsetNs: stream.sleepOffsetNs, lost: lost)
        sendStats(at: .max)
        connection.send(
            .bye(
                Bye(
                    reason: reason, events: events, lost: lost, durationNs: durationNs,
                    notFollowed: recorder.notFollowed, heldBack: recorder.heldBack, stacksLost: stream.stacks.lost)))
    }

    /// Sends a process's mappings.
    func look(at pid: UInt32) { stream.memory.look(at: pid, sleepOffsetNs: stream.sleepOffsetNs) }

    /// How the command ended, the first time that it is asked after that.
    func commandEnded() -> CommandEnded? {
        guard let command else { return nil }
        let cpuTime = clocks.reading(of: UInt32(command.pid))
        guard let end = command.ended() else { return nil }
        clocks.ended(cpuTime)
        self.command = nil
        return end
    }

    /// Ends the command, which was started for this trace alone.
    func abandon() {
        command?.end()
        command = nil
    }

    // MARK: What goes beside the events

    /// Told one by one or counted.
    private var events: UInt64 { stream.events + (tally?.events ?? 0) }

    private func report(_ losses: [LossReport]) {
        for loss in losses {
            lost += loss.count
            connection.send(
                .lost(
                    Lost(
                        cpu: UInt32(loss.cpu), count: loss.count, firstNs: loss.firstNs &+ stream.sleepOffsetNs,
                        lastNs: loss.lastNs &+ stream.sleepOffsetNs)))
        }
    }

    /// A record is stamped before it is committed. An interrupt, or a hypervisor that takes the CPU away, can come
    /// between; this is more than they take, but for a host that is out of breath, whose records then come late.
    private static let commitDelayNs: UInt64 = 20_000_000
    private static let idleRoundNs: UInt64 = 500_000_000

    /// - Parameter nowNs: when the drain began, CLOCK_MONOTONIC.
    private func endRound(at nowNs: UInt64) {
        let untilNs = nowNs &+ stream.sleepOffsetNs &- Self.commitDelayNs
        guard completeUntilNs < stream.newestNs || untilNs > completeUntilNs + Self.idleRoundNs else { return }
        completeUntilNs = untilNs
        connection.send(.round(Round(completeUntilNs: untilNs)))
    }

    private func attachToNewCPUs(at nowNs: UInt64) {
        guard cpus.isDue(atNs: nowNs, sleptNs: stream.sleepOffsetNs, online: Device.onlineCPUs) else { return }
        try? recorder.attachToNewCPUs()
        stream.memory.attachToNewCPUs()
    }

    /// Once a second, unless they go with the counts.
    private func sendCPUTimes() {
        guard tally == nil else { return }
        clocks.read()
        clocks.tell(connection, timeNs: linux_boottime_ns())
    }

    /// What the agent takes together with its symboliser.
    private func cost(_ ofProcess: (pid_t) -> UInt64) -> UInt64 {
        ofProcess(linux_pid()) + (symboliser == 0 ? 0 : ofProcess(pid_t(symboliser)))
    }

    private func sendStats(at nowNs: UInt64) {
        guard nowNs &- lastStatsNs > 1_000_000_000 else { return }
        lastStatsNs = nowNs
        sendCPUTimes()
        connection.send(
            .stats(
                Stats(
                    cpuTimeNs: cost(linux_cpu_time_ns), residentBytes: cost(linux_resident_bytes), events: events,
                    bytesSent: connection.bytesSent)))
    }
}

/// Records on their way into batches and onto the socket.
final class EventStream {
    /// Added to a record's time; measured anew before each drain.
    var sleepOffsetNs: UInt64 = 0
    /// The time of the newest event.
    private(set) var newestNs: UInt64 = 0
    /// At the end everything goes out, however long the queue becomes.
    var ignoresCongestion = false
    private(set) var events: UInt64 = 0
    private let limit: UInt64
    private let connection: Connection
    let memory: MemoryNews
    private let clocks: ProcessClocks
    let stacks: StackNews
    private var encoder: BatchEncoder

    /// - Parameters:
    ///   - stacks: which of them events bear.
    ///   - limit: takes no more events than this; zero: no limit.
    init(
        _ connection: Connection, _ memory: MemoryNews, _ clocks: ProcessClocks, _ stacks: StackKinds, limit: UInt64
    ) {
        self.connection = connection
        self.memory = memory
        self.clocks = clocks
        self.stacks = StackNews(connection, stacks)
        encoder = BatchEncoder(stacks: stacks)
        self.limit = limit == 0 ? .max : limit
    }

    var limitReached: Bool { events == limit }

    /// Adds a record. Returns whether more are welcome.
    @inline(__always)
    func take(_ bytes: UnsafeRawPointer) -> Bool {
        if limitReached { return true }
        let record = bytes.loadUnaligned(as: fault_record.self)
        let timeNs = record.time_ns &+ sleepOffsetNs
        memory.met(record.pid, atNs: record.time_ns)
        clocks.met(record.pid)
        encoder.append(record, timeNs: timeNs, stacks: stacks.stacks(of: record))
        newestNs = max(newestNs, timeNs)
        events += 1
        if encoder.isFull { flush() }
        return ignoresCongestion || !connection.isCongested
    }

    /// Sends what has happened to the memory of the processes that occur in it, and then the batch as far as it has come.
    func flush() {
        memory.send(sleepOffsetNs: sleepOffsetNs)
        guard encoder.count > 0 else { return }
        encoder.take { connection.send($0) }
    }
}
