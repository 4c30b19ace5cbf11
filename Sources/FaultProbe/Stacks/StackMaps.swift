import CFaultRecord
import CLibbpf
import CLinux

/// The two maps in which the programs keep stacks (bpf/stacks.bpf.h). A bucket that is taken keeps every other stack of its hash
/// out, so that a map is left when an eighth of it is full, and emptied once nothing refers to it any more.
final class StackMaps {
    /// Stacks that one map has room for; with the deepest of them that is 8 MiB.
    static let capacity: UInt32 = 8192

    private enum Phase: Equatable {
        /// What finds no room in the one map goes into the other.
        case both
        /// The programs have just left a map.
        case leaving(sinceNs: UInt64)
        /// No fault that is under way refers to it either: what refers to it has been handed out with the next whole drain.
        case left
    }

    private let maps: [Int32]
    private let filter: BPFMap
    private var settings: fault_filter
    private let capacity: UInt32
    private var frames: [UInt64]
    /// Stacks that have been read of each map since it was empty.
    private var kept: [UInt32] = [0, 0]
    private var phase = Phase.both

    /// How long after it was told a program may still go by the old setting.
    private static let graceNs: UInt64 = 10_000_000

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
        if map == current, kept[map] > capacity / 8, phase == .both { leave() }
        let length = frames.firstIndex(of: 0) ?? frames.count
        return RecordedStack(frames[..<length].map { stripped($0) }, isTruncated: length == frames.count)
    }

    /// Empties the map that the programs have left, if its time has come. To be called after each drain.
    ///
    /// - Parameters:
    ///   - isWhole: whether the drain has handed out everything.
    ///   - isAwaited: whether a fault that is under way refers to one of these stacks.
    /// - Returns: whether stacks are gone, and their numbers will stand for others.
    func tidy(isWhole: Bool, isAwaited: ((UInt32) -> Bool) -> Bool) -> Bool {
        switch phase {
        case .both: return false
        case .leaving(let sinceNs):
            let old = 1 - current
            guard linux_monotonic_ns() > sinceNs &+ Self.graceNs, !isAwaited({ Int($0 &- 1) % 2 == old }) else { return false }
            phase = .left
            return false
        case .left:
            guard isWhole else { return false }
            empty(1 - current)
            phase = .both
            tell(UInt32(FAULT_FLOW_STACKS_BOTH), true)
            return true
        }
    }

    private var current: Int { settings.flow & UInt32(FAULT_FLOW_STACKS_ODD) == 0 ? 0 : 1 }

    private func leave() {
        phase = .leaving(sinceNs: linux_monotonic_ns())
        tell(UInt32(FAULT_FLOW_STACKS_BOTH), false)
        tell(UInt32(FAULT_FLOW_STACKS_ODD), current == 0)
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
