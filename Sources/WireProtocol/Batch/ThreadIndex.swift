/// Where in a batch a thread stands, by its id: open addressing, twice as many slots as threads.
struct ThreadIndex {
    private static let slotCount = BatchFormat.threadLimit * 2
    private let slots: UnsafeMutablePointer<(tid: UInt32, thread: Int32)>

    init() {
        slots = .allocate(capacity: Self.slotCount)
        removeAll()
    }

    func deallocate() { slots.deallocate() }

    func removeAll() { slots.update(repeating: (0, -1), count: Self.slotCount) }

    @inline(__always)
    func find(_ tid: UInt32) -> Int? {
        let slot = slots[place(tid)]
        return slot.thread < 0 ? nil : Int(slot.thread)
    }

    /// The newest entry of a thread id stands for it: an exec or a rename makes another.
    func insert(_ tid: UInt32, _ thread: Int) { slots[place(tid)] = (tid, Int32(thread)) }

    /// The slot that holds the thread id, or the free one where it belongs.
    @inline(__always)
    private func place(_ tid: UInt32) -> Int {
        var slot = Int(truncatingIfNeeded: (tid &* 0x9e37_79b1) >> 16) % Self.slotCount
        while slots[slot].thread >= 0, slots[slot].tid != tid { slot = (slot + 1) % Self.slotCount }
        return slot
    }
}
