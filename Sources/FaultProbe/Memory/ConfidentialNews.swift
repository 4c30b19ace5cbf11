/// What has happened to the memory of processes, kept back until a later event of the same process is sent. One that becomes
/// excluded, by exec, by its user or by its name, has no later event: so nothing of that ever leaves the device.
public struct ConfidentialNews {
    /// More are not kept.
    private static let limit = 8192

    /// Children of processes that occur, which have not occurred themselves.
    private var children: Set<UInt32> = []
    /// By process, its newest event: CLOCK_MONOTONIC.
    private var newestNs: [UInt32: UInt64] = [:]
    /// The process that occurred last, whose newest event is not in `newestNs` yet.
    private var last: (pid: UInt32, timeNs: UInt64) = (0, 0)
    private var waiting: [MemoryRecord] = []
    /// Processes that have ended, since the last burial and before it: their last events may still be in the kernel's buffer.
    private var ended: [UInt32] = []
    private var dead: [UInt32] = []

    public init() {}

    public var isFull: Bool { waiting.count > Self.limit }

    /// An event of this process comes.
    public mutating func met(_ pid: UInt32, atNs timeNs: UInt64) {
        if last.pid != pid { turn(to: pid) }
        last.timeNs = max(last.timeNs, timeNs)
    }

    @inline(never)
    private mutating func turn(to pid: UInt32) {
        newestNs[last.pid] = last.timeNs
        last = (pid, newestNs[pid] ?? 0)
    }

    public func isChild(_ pid: UInt32) -> Bool { children.contains(pid) }

    /// A child occurs. Returns false for whoever is none: of it nothing is here.
    public mutating func adopt(_ pid: UInt32) -> Bool { children.remove(pid) != nil }

    /// - Parameter isKnown: whether the process occurs among the events.
    public mutating func add(_ record: MemoryRecord, isKnown: (UInt32) -> Bool) {
        switch record.what {
        case .forked(let parent):
            guard isKnown(parent) else { return }
            if !isKnown(record.pid) { children.insert(record.pid) }
            waiting.append(record)
        case .exited: ended.append(record.pid)
        case .mapped, .executed, .renamed: waiting.append(record)
        }
    }

    /// Hands out what an event came after.
    public mutating func release(to body: (MemoryRecord) -> Void) {
        if waiting.isEmpty { return }
        turn(to: last.pid)
        var kept: [MemoryRecord] = []
        for record in waiting {
            if record.timeNs <= newestNs[record.pid] ?? 0 { body(record) } else { kept.append(record) }
        }
        waiting = kept
    }

    /// Whether an event of the same process came after it.
    public func isCovered(_ record: MemoryRecord) -> Bool {
        record.timeNs <= (record.pid == last.pid ? last.timeNs : newestNs[record.pid] ?? 0)
    }

    /// Forgets the processes whose end was told before the last call, and hands out the ends of those that have occurred. These
    /// bear the time of the newest event: a later one would tell how long an excluded process has lived.
    public mutating func bury(to body: (MemoryRecord) -> Void) {
        turn(to: last.pid)
        for pid in dead {
            waiting.removeAll { $0.pid == pid }
            let newest = newestNs.removeValue(forKey: pid)
            if children.remove(pid) == nil { body(MemoryRecord(pid: pid, timeNs: newest ?? 0, what: .exited)) }
        }
        (dead, ended) = (ended, [])
    }
}
