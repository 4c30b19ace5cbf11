/// Faults by how long they took, in steps of powers of two.
public struct LatencyHistogram: Equatable, Sendable {
    /// The nth: faults that took 2^n ns and more, but less than 2^(n+1).
    public private(set) var slots: [UInt64] = []

    public init() {}

    public var isEmpty: Bool { slots.allSatisfy { $0 == 0 } }

    /// One step. The kernel counts what takes longer than its last one there, too.
    public struct Bar: Equatable, Sendable {
        public let fromNs: UInt64
        public let toNs: UInt64
        public let faults: UInt64
    }

    /// From the first step that has faults to the last.
    public var bars: [Bar] {
        guard let first = slots.firstIndex(where: { $0 > 0 }), let last = slots.lastIndex(where: { $0 > 0 }) else { return [] }
        return (first...last).map { Bar(fromNs: Self.start(of: $0), toNs: Self.start(of: $0 + 1), faults: slots[$0]) }
    }

    private static func start(of slot: Int) -> UInt64 { slot > 63 ? .max : 1 << UInt64(slot) }

    mutating func add(_ more: [UInt64], times weight: UInt64) {
        grow(to: min(more.count, 64))
        for (place, faults) in more.prefix(64).enumerated() { slots[place] = slots[place].addingOrMax(faults.timesOrMax(weight)) }
    }

    mutating func add(latencyNs: UInt64, times weight: UInt64) {
        let place = 63 - max(latencyNs, 1).leadingZeroBitCount
        grow(to: place + 1)
        slots[place] = slots[place].addingOrMax(weight)
    }

    private mutating func grow(to count: Int) {
        while slots.count < count { slots.append(0) }
    }
}

extension UInt64 {
    /// The product, or the greatest number where it would be more: what a peer says may be anything.
    func timesOrMax(_ other: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
