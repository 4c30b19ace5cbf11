/// The numbers that occur most often among very many, in bounded memory, each with its count or a little less: "Frequent Items" after
/// Misra and Gries, which gives up the rarer half when there is no more room (Anderson and others, IMC 2017).
struct FrequentItems: Sendable {
    private static let slotCount = 1 << 14
    private static let limit = 1 << 13
    private static let sampleSize = 1024

    private struct Slot: BitwiseCopyable {
        var key: UInt64 = 0
        /// Zero: the slot is free.
        var count: UInt64 = 0
    }

    private var slots = [Slot](repeating: Slot(), count: slotCount)
    private var used = 0
    /// So many an item's count may be too low at the most.
    private(set) var error: UInt64 = 0

    @inline(__always)
    mutating func add(_ key: UInt64) {
        let isKnown = slots.withUnsafeMutableBufferPointer { slots in
            let place = Self.place(of: key, in: UnsafeBufferPointer(slots))
            defer { slots[place] = Slot(key: key, count: slots[place].count &+ 1) }
            return slots[place].count > 0
        }
        if isKnown { return }
        used += 1
        if used > Self.limit { forgetRarer() }
    }

    /// The items with the highest counts, those first.
    func top(_ count: Int) -> [(key: UInt64, count: UInt64)] {
        slots.filter { $0.count > 0 }.sorted { ($1.count, $0.key) < ($0.count, $1.key) }.prefix(count).map { ($0.key, $0.count) }
    }

    private mutating func forgetRarer() {
        let step = Self.slotCount / Self.sampleSize
        let sample = stride(from: 0, to: Self.slotCount, by: step).map { slots[$0].count }.filter { $0 > 0 }.sorted()
        let median = sample.isEmpty ? 1 : sample[sample.count / 2]
        let old = slots
        slots = [Slot](repeating: Slot(), count: Self.slotCount)
        (used, error) = (0, error &+ median)
        for slot in old where slot.count > median {
            used += 1
            let place = slots.withUnsafeBufferPointer { Self.place(of: slot.key, in: $0) }
            slots[place] = Slot(key: slot.key, count: slot.count - median)
        }
    }

    /// The slot that holds the key, or the free one where it belongs.
    @inline(__always)
    private static func place(of key: UInt64, in slots: UnsafeBufferPointer<Slot>) -> Int {
        var place = Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 50)
        while slots[place].count > 0, slots[place].key != key { place = (place + 1) & (slotCount - 1) }
        return place
    }
}
