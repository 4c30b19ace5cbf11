/// For each row of a table what happened in the latest slots of time. A row pays for a slot only when something happens there: what
/// lies behind is cleared when it is used again.
struct ActivityRings: Sendable {
    /// What happened in one slot.
    struct Slot: BitwiseCopyable, Equatable, Sendable {
        var faults: UInt64 = 0
        var major: UInt64 = 0
        var timeNs: UInt64 = 0

        @inline(__always)
        mutating func add(_ step: ActivityCounts) {
            faults &+= step.faults
            major &+= step.major
            timeNs &+= step.timeNs
        }
    }

    /// Slots that a row remembers, the one that is being filled among them.
    let depth: Int
    private var slots: [Slot] = []
    /// By row: the latest slot in which anything happened.
    private var newest: [Int32] = []

    init(depth: Int) { self.depth = depth }

    var rowCount: Int { newest.count }

    mutating func addRow() {
        newest.append(0)
        for _ in 0..<depth { slots.append(Slot()) }
    }

    @inline(__always)
    mutating func add(_ step: ActivityCounts, to row: Int, at slot: Int32) {
        if slot > newest[row] { advance(row, to: slot) }
        guard Int(newest[row]) - Int(slot) < depth else { return }
        slots[row * depth + Int(slot) % depth].add(step)
    }

    private mutating func advance(_ row: Int, to slot: Int32) {
        let passed = min(Int(slot) - Int(newest[row]), depth)
        for step in 0..<passed { slots[row * depth + (Int(slot) - step) % depth] = Slot() }
        newest[row] = slot
    }

    /// The slot in which something last happened in a row.
    func newest(_ row: Int) -> Int32 { newest[row] }

    /// What happened in a slot; nothing where that is not remembered.
    func slot(_ slot: Int32, of row: Int) -> Slot {
        guard slot >= 0, slot <= newest[row], Int(newest[row]) - Int(slot) < depth else { return Slot() }
        return slots[row * depth + Int(slot) % depth]
    }

    /// Keeps only these rows, which move together in the order that they have here.
    mutating func keep(_ rows: [Int]) {
        var kept = ActivityRings(depth: depth)
        for row in rows {
            kept.newest.append(newest[row])
            kept.slots += slots[row * depth..<(row + 1) * depth]
        }
        self = kept
    }
}
