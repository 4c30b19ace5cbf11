import FaultModel

/// Counts faults by kind. Real kernels give a few dozen kinds; past `limit` the error code is left out.
struct KindTable: Sendable {
    struct Entry: Sendable {
        let kind: FaultKind
        /// What one fault of this kind adds to a group.
        let step: FaultCounts
        var sum = TimedCount()
    }

    private static let slotCount = 256

    private let limit: Int
    private(set) var entries: [Entry] = []
    /// Events counted without their error code.
    private(set) var uncoded: UInt64 = 0
    /// By a hash of the kind, where it was seen last; a wrong guess costs a search.
    private var guesses = [Int32](repeating: 0, count: slotCount)

    init(limit: Int) { self.limit = limit }

    /// Counts one fault.
    ///
    /// - Returns: what it adds to each group that it belongs to.
    @inline(__always)
    mutating func add(_ kind: FaultKind, latencyNs: UInt64?) -> FaultCounts {
        let slot = Self.slot(of: kind)
        var place = Int(guesses[slot])
        if place >= entries.count || entries[place].kind != kind {
            place = search(kind)
            guesses[slot] = Int32(place)
        }
        entries[place].sum.add(latencyNs: latencyNs)
        return entries[place].step
    }

    @inline(__always)
    private static func slot(of kind: FaultKind) -> Int {
        let code = kind.errorCode?.value ?? 0
        return Int(truncatingIfNeeded: ((code << 8 | UInt64(kind.traits.rawValue)) &* 0x9e37_79b9_7f4a_7c15) >> 56)
    }

    private mutating func search(_ kind: FaultKind) -> Int {
        if let known = entries.firstIndex(where: { $0.kind == kind }) { return known }
        guard entries.count >= limit, kind.errorCode != nil else { return append(kind) }
        uncoded += 1
        return search(FaultKind(traits: kind.traits, errorCode: nil))
    }

    private mutating func append(_ kind: FaultKind) -> Int {
        entries.append(Entry(kind: kind, step: FaultCounts(kind.traits)))
        return entries.count - 1
    }
}
