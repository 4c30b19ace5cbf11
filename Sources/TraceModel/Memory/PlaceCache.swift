import FaultModel

/// What is known of an address: what stands there, and where that is in its file.
struct Whereabouts: BitwiseCopyable {
    var ground = Ground.nothing
    var place = MemoryPlace.unknown

    static let nothing = Whereabouts()
}

/// Remembers mappings that addresses were found in. Addresses near each other share a slot: a small mapping is found by 64 KiB, so
/// that a library's parts do not push each other out, a large one by one MiB, so that it does not fill the cache.
struct PlaceCache: Sendable {
    private static let slotCount = 2048
    private static let (smallShift, largeShift): (UInt64, UInt64) = (16, 20)

    private var slots = [Slot](repeating: Slot(), count: slotCount)

    private struct Slot: BitwiseCopyable {
        var start: UInt64 = 0
        var end: UInt64 = 0
        var sinceNs: UInt64 = 0
        var pid: UInt32 = 0
        var generation: UInt32 = .max
        /// Of `start`.
        var found = Whereabouts.nothing

        @inline(__always)
        func holds(_ address: UInt64, _ fault: PageFault, _ generation: UInt32) -> Bool {
            address &- start < end &- start && pid == fault.thread.pid && sinceNs <= fault.timeNs
                && self.generation == generation
        }

        @inline(__always)
        func at(_ address: UInt64) -> Whereabouts {
            var there = found
            there.place.offset &+= address &- start
            return there
        }
    }

    /// - Parameters:
    ///   - address: one that the fault bears.
    ///   - generation: what was remembered in another one is forgotten.
    @inline(__always)
    func find(_ address: UInt64, of fault: PageFault, _ generation: UInt32) -> Whereabouts? {
        let large = slots[Self.slot(address, fault, Self.largeShift)]
        if large.holds(address, fault, generation) { return large.at(address) }
        let small = slots[Self.slot(address, fault, Self.smallShift)]
        return small.holds(address, fault, generation) ? small.at(address) : nil
    }

    /// - Parameters:
    ///   - start: of the whereabouts.
    ///   - sinceNs: from when on they have been so.
    mutating func remember(
        _ start: Whereabouts, in entry: MappingTable.Entry, sinceNs: UInt64, at address: UInt64, of fault: PageFault,
        _ generation: UInt32
    ) {
        let isLarge = entry.end - entry.start >= 1 << Self.largeShift
        slots[Self.slot(address, fault, isLarge ? Self.largeShift : Self.smallShift)] = Slot(
            start: entry.start, end: entry.end, sinceNs: sinceNs, pid: fault.thread.pid, generation: generation, found: start)
    }

    @inline(__always)
    private static func slot(_ address: UInt64, _ fault: PageFault, _ shift: UInt64) -> Int {
        let key = address >> shift ^ UInt64(fault.thread.pid) << 44
        return Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 53)
    }
}
