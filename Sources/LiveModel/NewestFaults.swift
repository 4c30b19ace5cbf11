import FaultModel

/// Some of the newest faults: all while they are few, a sample of each batch when they are many.
struct NewestFaults: Sendable {
    struct Entry: Sendable {
        let fault: PageFault
        /// By the model's own time.
        let timeNs: UInt64
        let process: Int
        let thread: Int
        let stack: Int
        let mapping: Int
    }

    static let limit = 4096
    /// Of one batch.
    private static let portion = 64

    private var ring: [Entry] = []
    private var next = 0
    /// How many of this batch to pass over before the next one is taken.
    private var stride = 1
    private var passed = 0

    /// A batch begins.
    mutating func begin(batchOf count: Int) { (stride, passed) = (max(1, count / Self.portion), 0) }

    @inline(__always)
    mutating func wantsNext() -> Bool {
        passed += 1
        guard passed >= stride else { return false }
        passed = 0
        return true
    }

    mutating func add(_ entry: Entry) {
        if ring.count < Self.limit { ring.append(entry) } else { ring[next] = entry }
        next = (next + 1) % Self.limit
    }

    /// The newest first.
    func newest(_ count: Int, where passes: (Entry) -> Bool) -> [Entry] {
        var found: [Entry] = []
        for back in 1...max(ring.count, 1) where found.count < count && !ring.isEmpty {
            let entry = ring[(next - back + ring.count) % ring.count]
            if passes(entry) { found.append(entry) }
        }
        return found
    }
}
