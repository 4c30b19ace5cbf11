import FaultModel
import TraceModel

/// Faults added up by group while they come, in bounded memory.
struct GroupTable: Sendable {
    /// Groups that are kept apart, and those among them whose latencies are.
    static let groupLimit = 1 << 16
    static let latencyLimit = 1 << 13

    struct Group: Sendable {
        /// The group's first fault.
        let sample: PageFault
        /// Its stacks, which are not remembered for good.
        let stacks: [StackStore.Stack?]
        var sum: GroupSum
    }

    let grouping: ReportGrouping
    private let steps = Step.table
    private(set) var groups: [Group] = []
    /// The faults of the groups that found no place.
    private(set) var others = GroupSum(keepsLatencies: false)
    private var index = KeyIndex()
    private var (lastKey, lastPlace): (UInt64, Int) = (0, -1)

    init(_ grouping: ReportGrouping) { self.grouping = grouping }

    mutating func add(_ faults: UnsafeBufferPointer<PageFault>, _ names: TraceNames) {
        for fault in faults.indices {
            let key = grouping.key(of: faults[fault])
            if key != lastKey || lastPlace < 0 {
                (lastKey, lastPlace) = (key, index.find(key) ?? newPlace(key, faults[fault], names))
            }
            add(steps[Int(faults[fault].kind.traits.rawValue)], latencyNs: faults[fault].latencyNs)
        }
    }

    /// To the group of the last key.
    @inline(__always)
    private mutating func add(_ step: SIMD8<UInt64>, latencyNs: UInt64?) {
        guard lastPlace >= 0 else { return others.add(step, latencyNs: latencyNs) }
        groups[lastPlace].sum.add(step, latencyNs: latencyNs)
    }

    @inline(never)
    private mutating func newPlace(_ key: UInt64, _ fault: PageFault, _ names: TraceNames) -> Int {
        guard groups.count < Self.groupLimit else { return -1 }
        let stacks = grouping == .stack ? [names.stacks.find(fault.stacks.user), names.stacks.find(fault.stacks.kernel)] : []
        groups.append(Group(sample: fault, stacks: stacks, sum: GroupSum(keepsLatencies: groups.count < Self.latencyLimit)))
        index.insert(key, place: groups.count - 1)
        return groups.count - 1
    }
}
