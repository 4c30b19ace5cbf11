/// Where a process stands in a table, by its id: open addressing, at most half full, cheaper than a dictionary.
struct PidIndex: Sendable {
    private struct Slot: BitwiseCopyable {
        var pid: UInt32 = 0
        /// -1: the slot is free.
        var place: Int32 = -1
    }

    private var slots = [Slot](repeating: Slot(), count: 256)
    private var count = 0

    /// The place of a process, or nil.
    @inline(__always)
    func find(_ pid: UInt32) -> Int? {
        let slot = slots[slot(of: pid)]
        return slot.place < 0 ? nil : Int(slot.place)
    }

    /// Adds a process that is not there yet.
    mutating func insert(_ pid: UInt32, place: Int) {
        if count * 2 >= slots.count { grow() }
        count += 1
        slots[slot(of: pid)] = Slot(pid: pid, place: Int32(place))
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.place >= 0 { slots[self.slot(of: slot.pid)] = slot }
    }

    /// The slot that holds the process, or the free one where it belongs (Fibonacci hashing, linear probing).
    @inline(__always)
    private func slot(of pid: UInt32) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: (UInt64(pid) &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
        while slots[slot].place >= 0, slots[slot].pid != pid { slot = (slot + 1) & mask }
        return slot
    }
}
