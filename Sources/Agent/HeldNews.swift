import FaultProbe

/// What has happened lately to processes that have not occurred among the events. Many a process is born, faults and dies between
/// two drains, and its birth may be read in the drain before its first fault.
struct HeldNews {
    /// Records of one drain at the most; a flood of births pushes out nobody's who occurs, but for its own.
    private static let limit = 8192

    private var older: [MemoryRecord] = []
    private var newer: [MemoryRecord] = []

    mutating func keep(_ record: MemoryRecord) {
        if newer.count < Self.limit { newer.append(record) }
    }

    /// A drain is complete: what the one before it left is forgotten.
    mutating func turn() {
        swap(&older, &newer)
        newer.removeAll(keepingCapacity: true)
    }

    /// A process's records in order of time.
    func story(of pid: UInt32) -> [MemoryRecord] {
        var story: [MemoryRecord] = []
        for record in older where record.pid == pid { story.append(record) }
        for record in newer where record.pid == pid { story.append(record) }
        story.sort { $0.timeNs < $1.timeNs }
        return story
    }
}
