/// Where a group stands in a table, by a number: open addressing, at most half full, cheaper than a dictionary.
struct KeyIndex: Sendable {
    private struct Slot: BitwiseCopyable {
        var key: UInt64 = 0
        /// -1: the slot is free.
        var place: Int32 = -1
    }

    private var slots = [Slot](repeating: Slot(), count: 1024)
    private var count = 0

    /// The place of a key; nil: it has none.
    @inline(__always)
    func find(_ key: UInt64) -> Int? {
        let slot = slots[slot(of: key)]
        return slot.place < 0 ? nil : Int(slot.place)
    }

    /// Adds a key that is not there yet.
    mutating func insert(_ key: UInt64, place: Int) {
        if count * 2 >= slots.count { grow() }
        count += 1
        slots[slot(of: key)] = Slot(key: key, place: Int32(place))
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.place >= 0 { slots[self.slot(of: slot.key)] = slot }
    }

    /// The slot that holds the key, or the free one where it belongs (Fibonacci hashing, linear probing).
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
        while slots[slot].place >= 0, slots[slot].key != key { slot = (slot + 1) & mask }
        return slot
    }
}
