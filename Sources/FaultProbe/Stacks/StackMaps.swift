import CFaultRecord
import CLibbpf
import CLinux

/// The two maps in which the programs keep stacks (bpf/stacks.bpf.h). A bucket that is taken keeps every other stack of its hash
/// out, so that a crowded map is left, and emptied once nothing refers to it any more.
final class StackMaps {
    /// Stacks that one map has room for; with the deepest of them that is 8 MiB.
    static let capacity: UInt32 = 8192

    private let maps: [Int32]
    private let filter: BPFMap
    private var settings: fault_filter
    private let capacity: UInt32
    private var frames: [UInt64]
    /// Stacks that have been read of each map since it was empty.
    private var kept: [UInt32] = [0, 0]
    /// When the programs left the map that is not current, which still holds stacks; nil: it takes what finds no room in the current one.
    private var leftNs: UInt64?

    /// When the programs left a map the last time.
    private var lastLeftNs: UInt64 = 0

    private static let pauseNs: UInt64 = 50_000_000

    /// How long after it was told a program may still go by the old setting.
    private static let graceMs: UInt32 = 1

    /// - Parameter settings: those that the map `filter` holds.
    init(even: BPFMap, odd: BPFMap, filter: BPFMap, _ settings: fault_filter, capacity: UInt32, depth: Int) {
        maps = [even.descriptor, odd.descriptor]
        self.filter = filter
        self.settings = settings
        self.capacity = capacity
        frames = Array(repeating: 0, count: depth)
    }

    /// The stack in a record, or nil where it is gone.
    func stack(_ id: UInt32) -> RecordedStack? {
        var (bucket, map) = ((id - 1) / 2, Int(id - 1) % 2)
        let result = frames.withUnsafeMutableBytes { bpf_map_lookup_elem(maps[map], &bucket, $0.baseAddress) }
        guard result == 0 else { return nil }
        kept[map] += 1
        if map == current, leftNs == nil, isCrowded(map) { leave() }
        let length = frames.firstIndex(of: 0) ?? frames.count
        return RecordedStack(frames[..<length].map { stripped($0) }, isTruncated: length == frames.count)
    }

    /// Empties the map that the programs have left, if nothing refers to it any more.
    ///
    /// - Parameters:
    ///   - isAwaited: whether a fault that is under way refers to one of these stacks.
    ///   - drain: hands out what has been recorded; whether that was everything.
    /// - Returns: the stacks that are gone; nil: none.
    func tidy(isAwaited: (GoneStacks) -> Bool, drain: () -> Bool) -> GoneStacks? {
        guard let leftNs else { return nil }
        if linux_monotonic_ns() < leftNs &+ UInt64(Self.graceMs) * 1_000_000 { linux_sleep_ms(Self.graceMs) }
        let old = GoneStacks(map: 1 - current)
        guard !isAwaited(old), drain() else { return nil }
        empty(old.map)
        self.leftNs = nil
        tell(UInt32(FAULT_FLOW_STACKS_BOTH), true)
        return old
    }

    private var current: Int { settings.flow & UInt32(FAULT_FLOW_STACKS_ODD) == 0 ? 0 : 1 }

    /// What is seen all the time fills a map again and again, and telling it again costs more than it earns: hence the pause.
    private func isCrowded(_ map: Int) -> Bool {
        kept[map] > capacity / 2 || kept[map] > capacity / 8 && linux_monotonic_ns() > lastLeftNs &+ Self.pauseNs
    }

    private func leave() {
        settings.flow &= ~UInt32(FAULT_FLOW_STACKS_BOTH)
        tell(UInt32(FAULT_FLOW_STACKS_ODD), current == 0)
        lastLeftNs = linux_monotonic_ns()
        leftNs = lastLeftNs
    }

    /// Bucket by bucket, because before 4.18 a map of stacks does not say which it holds.
    private func empty(_ map: Int) {
        for place in 0..<capacity {
            var bucket = place
            bpf_map_delete_elem(maps[map], &bucket)
        }
        kept[map] = 0
    }

    private func tell(_ flag: UInt32, _ isOn: Bool) {
        settings.flow = isOn ? settings.flow | flag : settings.flow & ~flag
        try? filter.set(UInt32(0), settings)
    }
}

/// Stacks that are gone: their numbers will stand for others.
public struct GoneStacks {
    let map: Int

    public func contains(_ id: UInt32) -> Bool {
        id != UInt32(FAULT_STACK_NONE) && id != UInt32(FAULT_STACK_LOST) && Int(id - 1) % 2 == map
    }
}
