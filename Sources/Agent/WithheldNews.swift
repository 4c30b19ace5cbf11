import FaultProbe

/// What happened lately to processes that have not occurred among the events. One that lives for a millisecond may be gone when its
/// first event comes, and then this is all that is known of it. None of it leaves the device before that.
struct WithheldNews {
    private static let limit = 4096

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

    /// Hands out what is kept of a process. There are more process ids than places here, so that it is of one process alone.
    func forEach(of pid: UInt32, _ body: (MemoryRecord) -> Void) {
        for place in pids.indices where pids[place] == pid { body(records[place]) }
    }
}
