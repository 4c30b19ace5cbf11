import FaultModel

/// Faults by process, with what a view shows of a process alone: its name, its last minute, and how long its faults took.
struct ActivityProcesses: Sendable {
    /// Seconds that are remembered of each.
    static let historyDepth = 60
    /// Steps of a histogram: the nth has what took 2^n ns and more, the last what took longer.
    static let stepCount = 40

    private(set) var groups: ActivityGroups<UInt32>
    private(set) var names: [Name] = []
    private(set) var history = ActivityRings(depth: historyDepth)
    /// nil: only the last minute is remembered.
    private(set) var course: ActivityCourse?
    private var steps: [UInt64] = []
    /// By row: the time in minor faults when the process's clock was read last.
    private(set) var minorTimeReadNs: [UInt64] = []

    /// Whose faults they are.
    struct Name: BitwiseCopyable, Sendable {
        /// Of its last fault's process among the trace's names; zero: nobody has told of it.
        var number: UInt32 = 0
        /// The main thread's last name; while that has not faulted, of any thread.
        var comm: ThreadName
        var isMain = false
    }

    init(limit: Int, course: ActivityCourse?) {
        groups = ActivityGroups(limit: limit)
        self.course = course
    }

    @inline(__always)
    mutating func add(_ step: ActivityCounts, of fault: PageFault, at slot: Int32, sinceStartNs: UInt64) {
        let row = groups.find(fault.thread.pid) ?? insert(fault)
        groups.add(step, toRow: row, at: slot)
        history.add(step, to: row, at: slot / ActivityClock.slotsPerSecond)
        course?.add(step.faults, to: row, atNs: sinceStartNs)
        names[row].note(fault)
        if let latencyNs = fault.latencyNs { steps[row * Self.stepCount + Self.step(of: latencyNs)] &+= step.faults }
    }

    mutating func clockWasRead(of pid: UInt32) {
        guard let row = groups.find(pid) else { return }
        minorTimeReadNs[row] = groups.counts[row].minorTimeNs
    }

    private static func step(of latencyNs: UInt64) -> Int { min(63 - max(latencyNs, 1).leadingZeroBitCount, stepCount - 1) }

    private mutating func insert(_ fault: PageFault) -> Int {
        if let kept = groups.insert(fault.thread.pid) { keep(kept) }
        names.append(Name(comm: fault.thread.comm))
        minorTimeReadNs.append(0)
        history.addRow()
        course?.addRow()
        steps += repeatElement(0, count: Self.stepCount)
        return names.count - 1
    }

    private mutating func keep(_ rows: [Int]) {
        names = rows.map { names[$0] }
        minorTimeReadNs = rows.map { minorTimeReadNs[$0] }
        history.keep(rows)
        course?.keep(rows)
        steps = rows.flatMap { steps[$0 * Self.stepCount..<($0 + 1) * Self.stepCount] }
    }

    /// How long faults took: of one process, or of all that are kept apart.
    func histogram(of pid: UInt32?) -> [UInt64] {
        var sum = [UInt64](repeating: 0, count: Self.stepCount)
        for row in names.indices where pid == nil || pid == groups.keys[row] {
            for step in sum.indices { sum[step] &+= steps[row * Self.stepCount + step] }
        }
        return sum
    }
}

extension ActivityProcesses.Name {
    @inline(__always)
    fileprivate mutating func note(_ fault: PageFault) {
        if fault.process > 0 { number = fault.process }
        let isMain = fault.thread.tid == fault.thread.pid
        if isMain || !self.isMain { comm = fault.thread.comm }
        self.isMain = self.isMain || isMain
    }
}
