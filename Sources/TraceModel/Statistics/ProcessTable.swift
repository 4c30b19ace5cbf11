public import FaultModel

/// One process's share of the faults.
public struct ProcessFaults: BitwiseCopyable, Equatable, Sendable {
    public let pid: UInt32
    /// The main thread's last name; while that has not faulted, the last name of any thread.
    public internal(set) var comm: ThreadName
    public internal(set) var counts = FaultCounts()
    /// The number of its last fault's process among the trace's names; zero: nobody has told of it.
    public internal(set) var number: UInt32 = 0
    /// In its minor faults together: what they took of its CPU time. A major fault sleeps.
    public internal(set) var minorLatencyNs: UInt64 = 0
    /// Whether the main thread has given the name.
    private var isNamed = false

    init(_ thread: FaultThread) {
        pid = thread.pid
        comm = thread.comm
    }

    @inline(__always)
    mutating func add(_ step: FaultCounts, of fault: PageFault) {
        counts.add(step, atNs: fault.timeNs)
        if fault.process > 0 { number = fault.process }
        if fault.kind.traits.outcome == .minor, let latencyNs = fault.latencyNs { minorLatencyNs = minorLatencyNs.addingOrMax(latencyNs) }
        let thread = fault.thread
        let isMain = thread.tid == pid
        if isMain || !isNamed { comm = thread.comm }
        isNamed = isNamed || isMain
    }

    /// Events a second over the trace.
    public func ratePerSecond(overNs durationNs: UInt64) -> Double {
        FaultRate.perSecond(counts.events, overNs: durationNs)
    }
}

/// Counts faults by process: the first `limit` processes one by one, all later ones together.
struct ProcessTable: Sendable {
    private let limit: Int
    private(set) var processes: [ProcessFaults] = []
    /// The faults of the processes that found no place.
    private(set) var others = FaultCounts()
    private var index = PidIndex()
    /// Where the last fault was counted, for the next one is mostly the same process's; -1: nowhere.
    private var lastPlace = -1

    init(limit: Int) { self.limit = limit }

    @inline(__always)
    mutating func add(_ step: FaultCounts, of fault: PageFault) {
        if lastPlace < 0 || processes[lastPlace].pid != fault.thread.pid { lastPlace = place(of: fault.thread) }
        guard lastPlace >= 0 else { return others.add(step, atNs: fault.timeNs) }
        processes[lastPlace].add(step, of: fault)
    }

    private mutating func place(of thread: FaultThread) -> Int {
        if let known = index.find(thread.pid) { return known }
        guard processes.count < limit else { return -1 }
        processes.append(ProcessFaults(thread))
        index.insert(thread.pid, place: processes.count - 1)
        return processes.count - 1
    }
}
