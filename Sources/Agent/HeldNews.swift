import FaultProbe

/// What happened lately to processes that have not occurred among the events. One that lives for a millisecond may be gone when its
/// first event comes, and then this is all that is known of it. None of it leaves the device before that.
struct HeldNews {
    private static let limit = 16384

    private var records: [MemoryRecord] = []
    /// Whose they are: a search touches these alone.
    private var pids: [UInt32] = []
    /// Where the oldest is, once all places are taken.
    private var next = 0

    mutating func keep(_ record: MemoryRecord) {
        guard records.count == Self.limit else {
            records.append(record)
            return pids.append(record.pid)
        }
        (records[next], pids[next]) = (record, record.pid)
        next = (next + 1) % Self.limit
    }

    /// Those whose birth is here.
    var born: Set<UInt32> {
        var born: Set<UInt32> = []
        for record in records where record.isBirth { born.insert(record.pid) }
        return born
    }

    /// A process's records in order of time. A process leaves two at least, and there are four times as many ids as places here (PID_MAX_DEFAULT):
    /// they are of one process alone, unless threads use up the ids.
    func story(of pid: UInt32) -> [MemoryRecord] {
        var story: [MemoryRecord] = []
        for place in pids.indices where pids[place] == pid { story.append(records[place]) }
        story.sort { $0.timeNs < $1.timeNs }
        return story
    }
}
