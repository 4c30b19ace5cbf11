public import FaultModel
public import WireProtocol

/// What a trace's faults are doing: for each process, thread, mapping, cause and stack what they came to, and how many there are a second.
///
/// Of time it knows what the trace has told and reads no clock, so that a recording looks as it did live.
public struct TraceActivity: Sendable {
    /// Processes, and groups of other kinds, that are kept apart.
    public static let processLimit = 16_384
    public static let groupLimit = 32_768
    /// Seconds that are remembered of all faults together.
    public static let historyDepth = 600
    /// Steps of the whole trace, for all faults and for each process: twice as many as a screen has room for.
    private static let courseDepths = (all: 1024, process: 96)

    /// Of which time there is a curve.
    public enum Span: Sendable {
        /// The last seconds, as for a trace that runs.
        case latest
        /// From the beginning on, as for a recording.
        case whole
    }

    private let weight: UInt64
    private var clock: ActivityClock
    public private(set) var totals = ActivityCounts()
    private var recent = ActivityRings(depth: Int(ActivityClock.slotsPerSecond) + 1)
    private var history = ActivityRings(depth: historyDepth)
    /// nil: `Span.latest`.
    private var course: ActivityCourse?
    private var processTable: ActivityProcesses
    private var threadNames: [UInt32: ThreadName] = [:]
    private var threadTable: ActivityGroups<ThreadID>
    private var mappingTable: ActivityGroups<MappingID>
    private var causeTable: ActivityGroups<CauseID>
    private var stackTable: ActivityGroups<StackID>
    /// How busy CPUs are with each process.
    public private(set) var load = CPULoad()

    /// - Parameters:
    ///   - startNs: when the trace began, CLOCK_BOOTTIME.
    ///   - weight: how many faults each one stands for.
    public init(
        startNs: UInt64, weight: UInt32 = 1, span: Span = .latest, processLimit: Int = processLimit, groupLimit: Int = groupLimit
    ) {
        self.weight = UInt64(max(weight, 1))
        clock = ActivityClock(startNs: startNs)
        course = span == .whole ? ActivityCourse(depth: Self.courseDepths.all) : nil
        processTable = ActivityProcesses(limit: processLimit, course: span == .whole ? ActivityCourse(depth: Self.courseDepths.process) : nil)
        threadTable = ActivityGroups(limit: groupLimit)
        mappingTable = ActivityGroups(limit: groupLimit)
        causeTable = ActivityGroups(limit: groupLimit)
        stackTable = ActivityGroups(limit: groupLimit)
        recent.addRow()
        history.addRow()
        course?.addRow()
    }

    // MARK: Adding

    public mutating func add(_ faults: ArraySlice<PageFault>) {
        for fault in faults { add(fault) }
    }

    @inline(__always)
    private mutating func add(_ fault: PageFault) {
        let step = ActivityCounts(fault, weight: weight)
        let (slot, sinceStartNs) = (clock.slot(atNs: fault.timeNs), clock.sinceStart(fault.timeNs))
        clock.advance(toNs: fault.timeNs)
        totals.add(step)
        recent.add(step, to: 0, at: slot)
        history.add(step, to: 0, at: slot / ActivityClock.slotsPerSecond)
        course?.add(step.faults, to: 0, atNs: sinceStartNs)
        let pid = fault.thread.pid
        processTable.add(step, of: fault, at: slot, sinceStartNs: sinceStartNs)
        addThread(step, fault.thread, at: slot)
        mappingTable.add(step, to: MappingID(pid: pid, name: fault.place.name, region: fault.place.region), at: slot)
        causeTable.add(step, to: CauseID(pid: pid, cause: fault.cause), at: slot)
        if fault.stacks.user != 0 { stackTable.add(step, to: StackID(pid: pid, number: fault.stacks.user), at: slot) }
    }

    @inline(__always)
    private mutating func addThread(_ step: ActivityCounts, _ thread: FaultThread, at slot: Int32) {
        threadTable.add(step, to: ThreadID(pid: thread.pid, tid: thread.tid), at: slot)
        if threadNames[thread.tid] != thread.comm { name(thread) }
    }

    /// Names are kept for twice as many threads as are counted, and then for none but those that come again.
    private mutating func name(_ thread: FaultThread) {
        if threadNames.count >= 2 * Self.groupLimit { threadNames.removeAll(keepingCapacity: true) }
        threadNames[thread.tid] = thread.comm
    }

    /// Keeps what a message says of the time; other messages are nothing to it.
    public mutating func note(_ message: AgentMessage) {
        if case .round(let round) = message { clock.advance(toNs: round.completeUntilNs) }
    }

    /// Keeps how long processes have run. What has gone is told with the reading before.
    mutating func note(_ times: CPUTimes) {
        for process in times.list where load.time(of: process.pid) != process.cpuTimeNs { processTable.clockWasRead(of: process.pid) }
        load.note(times)
    }

    /// The trace has ended, with or without a fault at that moment.
    mutating func end(atNs timeNs: UInt64) { clock.advance(toNs: timeNs) }

    // MARK: Looking

    /// Since the trace began, as far as it has told.
    public var elapsedNs: UInt64 { clock.elapsedNs }

    /// Of all faults.
    public var rate: ActivityRate { clock.rate(recent, 0) }

    /// All faults over the time that there is a curve of: the last whole seconds, or the whole trace.
    ///
    /// - Parameter columns: the steps of time at the most.
    public func curve(columns: Int) -> ActivityCurve { curve(course, history, 0, columns) }

    public func curve(of pid: UInt32, columns: Int) -> ActivityCurve {
        guard let row = processTable.groups.keys.firstIndex(of: pid) else { return ActivityCurve(values: [], stepNs: 1) }
        return curve(processTable.course, processTable.history, row, columns)
    }

    private func curve(_ course: ActivityCourse?, _ rings: ActivityRings, _ row: Int, _ columns: Int) -> ActivityCurve {
        if let course { return course.curve(of: row, columns: columns, untilNs: elapsedNs) }
        let second = clock.now / ActivityClock.slotsPerSecond
        let values = (max(0, second - Int32(columns))..<second).map { rings.slot($0, of: row).faults }
        return ActivityCurve(values: values, stepNs: 1_000_000_000)
    }

    /// Processes that are kept apart.
    public var processes: [ProcessActivity] {
        processTable.names.indices.map { row in
            let (groups, name) = (processTable.groups, processTable.names[row])
            return ProcessActivity(
                pid: groups.keys[row], number: name.number, comm: name.comm, counts: groups.counts[row], rate: clock.rate(groups.recent, row),
                minorTimeReadNs: processTable.minorTimeReadNs[row])
        }
    }

    /// The faults of the processes that are not kept apart any more.
    public var otherProcesses: ActivityCounts { processTable.groups.others }

    /// - Parameter pid: of one process; nil: of all.
    public func threads(of pid: UInt32?) -> [ActivityGroup<ThreadID>] { threadTable.groups(clock) { pid == nil || $0.pid == pid } }
    public func mappings(of pid: UInt32?) -> [ActivityGroup<MappingID>] { mappingTable.groups(clock) { pid == nil || $0.pid == pid } }
    public func causes(of pid: UInt32?) -> [ActivityGroup<CauseID>] { causeTable.groups(clock) { pid == nil || $0.pid == pid } }
    public func stacks(of pid: UInt32?) -> [ActivityGroup<StackID>] { stackTable.groups(clock) { pid == nil || $0.pid == pid } }

    /// A thread's last name.
    public func name(ofThread tid: UInt32) -> ThreadName? { threadNames[tid] }

    /// Faults by how long they took: the nth took 2^n ns and more, but less than 2^(n+1), the last one longer. Empty where no time is known.
    public func histogram(of pid: UInt32?) -> [UInt64] {
        let steps = processTable.histogram(of: pid)
        return steps.allSatisfy { $0 == 0 } ? [] : steps
    }
}

/// A process, as it stands.
public struct ProcessActivity: Sendable {
    public let pid: UInt32
    /// Among the trace's names; zero: nobody has told of it.
    public let number: UInt32
    public let comm: ThreadName
    public let counts: ActivityCounts
    public let rate: ActivityRate
    /// Time in minor faults up to the last reading of its clock, of which it is a part.
    public let minorTimeReadNs: UInt64
}
