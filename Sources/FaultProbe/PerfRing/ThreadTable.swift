import CFaultRecord

/// What is known of one thread. The record is also that of its newest fault: what names the thread stays in it, so that a
/// fault fills in only what is its own, and is handed out where it lies.
struct TracedThread {
    var record = fault_record()
    /// When the user is to be asked for again, CLOCK_MONOTONIC.
    var userDueNs: UInt64 = 0
    /// Whether the record's fault has not ended yet.
    var isPending = false
    /// Whether the name is known.
    var isNamed = false
    /// What the filter says of the process and the thread's id, and of these, user and name together.
    var hasWantedID = false
    var isWanted = false
}

/// Threads by their ids: open addressing with linear probing; an entry that goes is filled by those behind it, so
/// that nothing is left of the dead.
struct ThreadTable: ~Copyable {
    private var slots: UnsafeMutablePointer<TracedThread>
    private var mask: UInt32
    private(set) var count = 0

    /// - Parameter capacity: a power of two.
    init(capacity: UInt32 = 1024) {
        slots = Self.empty(capacity)
        mask = capacity - 1
    }

    deinit { slots.deallocate() }

    /// The thread, or nil. Every pointer is good until the next `claim` or `remove`.
    @inline(__always)
    func find(_ tid: UInt32) -> UnsafeMutablePointer<TracedThread>? {
        let slot = slots + Int(place(of: tid))
        return slot.pointee.record.tid == tid && tid != 0 ? slot : nil
    }

    /// The thread, new if need be. Zero is nobody's id.
    mutating func claim(_ tid: UInt32) -> UnsafeMutablePointer<TracedThread> {
        if let known = find(tid) { return known }
        if UInt32(count) >= mask / 4 * 3 { grow() }
        let slot = slots + Int(place(of: tid))
        slot.pointee.record.tid = tid
        count += 1
        return slot
    }

    mutating func remove(_ tid: UInt32) {
        var hole = place(of: tid)
        guard slots[Int(hole)].record.tid == tid, tid != 0 else { return }
        var next = (hole + 1) & mask
        while slots[Int(next)].record.tid != 0 {
            if (next &- home(of: slots[Int(next)].record.tid)) & mask >= (next &- hole) & mask {
                slots[Int(hole)] = slots[Int(next)]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[Int(hole)] = TracedThread()
        count -= 1
    }

    /// Each thread once; none may come or go meanwhile.
    func forEach(_ body: (UnsafeMutablePointer<TracedThread>) -> Void) {
        for place in 0...Int(mask) where slots[place].record.tid != 0 { body(slots + place) }
    }

    // MARK: Places

    private func home(of tid: UInt32) -> UInt32 { (tid &* 0x9e37_79b1) >> 7 & mask }

    /// Where the thread is, or the empty place where it would be.
    @inline(__always)
    private func place(of tid: UInt32) -> UInt32 {
        var place = home(of: tid)
        while slots[Int(place)].record.tid != tid, slots[Int(place)].record.tid != 0 { place = (place + 1) & mask }
        return place
    }

    /// Twice the room. Threads without a name go: after lost records nobody knows whether they still live.
    private mutating func grow() {
        let (old, oldMask) = (slots, mask)
        slots = Self.empty((mask + 1) * 2)
        mask = mask * 2 + 1
        count = 0
        for index in 0...Int(oldMask) where old[index].record.tid != 0 && (old[index].isNamed || old[index].isPending) {
            claim(old[index].record.tid).pointee = old[index]
        }
        old.deallocate()
    }

    private static func empty(_ capacity: UInt32) -> UnsafeMutablePointer<TracedThread> {
        let slots = UnsafeMutablePointer<TracedThread>.allocate(capacity: Int(capacity))
        slots.initialize(repeating: TracedThread(), count: Int(capacity))
        return slots
    }
}
