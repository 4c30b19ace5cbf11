/// Rings by the moment of their next record, the earliest first: a binary heap. A ring that stays the earliest, as one
/// does for most of a burst, costs two comparisons.
struct RingHeap: ~Copyable {
    private let slots: UnsafeMutablePointer<UnsafeMutablePointer<RecordRing>>
    private var count = 0

    init(capacity: Int) { slots = .allocate(capacity: capacity) }
    deinit { slots.deallocate() }

    var first: UnsafeMutablePointer<RecordRing>? { count == 0 ? nil : slots[0] }

    mutating func insert(_ ring: UnsafeMutablePointer<RecordRing>) {
        var place = count
        count += 1
        while place > 0, ring.pointee.key < slots[(place - 1) / 2].pointee.key {
            slots[place] = slots[(place - 1) / 2]
            place = (place - 1) / 2
        }
        slots[place] = ring
    }

    /// Puts the first into its place again, after its record has been read.
    @inline(__always)
    mutating func settleFirst(stays: Bool) {
        let ring = slots[0]
        if stays { return sink(ring) }
        count -= 1
        if count > 0 { sink(slots[count]) }
    }

    @inline(__always)
    private func sink(_ ring: UnsafeMutablePointer<RecordRing>) {
        var place = 0
        while let child = earlierChild(of: place), slots[child].pointee.key < ring.pointee.key {
            slots[place] = slots[child]
            place = child
        }
        slots[place] = ring
    }

    @inline(__always)
    private func earlierChild(of place: Int) -> Int? {
        let left = 2 * place + 1
        guard left < count else { return nil }
        return left + 1 < count && slots[left + 1].pointee.key < slots[left].pointee.key ? left + 1 : left
    }

    /// Forgets all.
    mutating func clear() { count = 0 }
}
