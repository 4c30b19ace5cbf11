import CFaultRecord
import CLibbpf
import CLinux

/// The sets of maps in which the programs keep stacks (bpf/stacks.bpf.h). A set is read while the programs use another. A bucket that
/// is taken keeps every other stack of its hash out, so that a crowded set is emptied once nothing refers to it any more.
final class StackMaps {
    /// Stacks that the first map of a set has room for; with the deepest of them that is 4 MiB.
    static let capacity: UInt32 = 4096
    /// What they are called in the BPF object, set by set.
    static let names = [
        "stacks_a", "stacks_a_more", "stacks_a_last", "stacks_b", "stacks_b_more", "stacks_b_last",
        "stacks_c", "stacks_c_more", "stacks_c_last",
    ]

    private let maps: [Int32]
    private let filter: BPFMap
    private var settings: fault_filter
    private let capacity: UInt32
    private var frames: [UInt64]
    private var sets = [StackSet](repeating: StackSet(), count: Int(FAULT_STACK_SETS))
    /// The set into which the programs put stacks.
    private var current = 0
    private var lastEmptiedNs: UInt64 = 0

    private static let pauseNs: UInt64 = 50_000_000
    /// How long after it was told a program may still go by the old setting.
    private static let graceMs: UInt32 = 1

    fileprivate struct StackSet {
        /// Stacks that have been read of it since it was empty.
        var kept: UInt32 = 0
        /// When the programs left it the last time.
        var leftNs: UInt64 = 0
        var use = Use.open
    }

    fileprivate enum Use {
        case open
        /// To be emptied; stacks are put there only where no other set is open.
        case crowded
        /// No stack is put there any more, and since then no fault that is under way refers to it; records that have not been read yet may.
        case closed(UInt64)
    }

    /// - Parameters:
    ///   - maps: those of `names`.
    ///   - settings: those that the map `filter` holds.
    init(_ maps: [Int32], filter: BPFMap, _ settings: fault_filter, capacity: UInt32, depth: Int) {
        self.maps = maps
        self.filter = filter
        self.settings = settings
        self.capacity = capacity
        frames = Array(repeating: 0, count: depth)
    }

    /// Stacks that a map has room for, by its place among `names`. Few come as far as the later ones of a set.
    static func room(_ map: Int, _ capacity: UInt32) -> UInt32 {
        map % Int(FAULT_STACK_SET_MAPS) == 0 ? capacity : capacity / 2
    }

    /// The stack in a record, or nil where it is gone or nobody can look at it now.
    func stack(_ id: UInt32) -> RecordedStack? {
        let (place, set) = (StackPlace(id), StackPlace(id).set)
        guard set != current || leave() else { return nil }
        awaitPrograms(set)
        var bucket = place.bucket
        let result = frames.withUnsafeMutableBytes { bpf_map_lookup_elem(maps[place.map], &bucket, $0.baseAddress) }
        guard result == 0 else { return nil }
        sets[set].kept += 1
        if isCrowded(set), case .open = sets[set].use { sets[set].use = .crowded }
        let length = frames.firstIndex(of: 0) ?? frames.count
        return RecordedStack(frames[..<length].map { stripped($0) }, isTruncated: length == frames.count)
    }

    /// Empties a crowded set, if nothing refers to it any more. To be called after each drain.
    ///
    /// - Parameters:
    ///   - drainedNs: what was recorded before has been handed out.
    ///   - isAwaited: whether a fault that is under way refers to one of these stacks.
    /// - Returns: the stacks that are gone; nil: none.
    func tidy(drainedNs: UInt64, isAwaited: (GoneStacks) -> Bool) -> GoneStacks? {
        for set in sets.indices where set != current {
            let gone = GoneStacks(set: set)
            switch sets[set].use {
            case .open: break
            case .crowded where isQuiet(set) && !isAnyClosed && !isAwaited(gone): sets[set].use = .closed(linux_monotonic_ns())
            case .closed(let sinceNs) where sinceNs < drainedNs:
                empty(set)
                return gone
            case .crowded, .closed: break
            }
        }
        return nil
    }

    /// Has the programs change over to another set, of which one at the least is not closed. Returns whether that was possible.
    private func leave() -> Bool {
        let others = sets.indices.filter { $0 != current && !sets[$0].isClosed }
        guard let next = others.first(where: { sets[$0].isOpen }) ?? others.first else { return false }
        settings.flow = settings.flow & ~UInt32(FAULT_FLOW_STACK_SET) | UInt32(next) << UInt32(FAULT_FLOW_STACK_SET_SHIFT)
        guard (try? filter.set(UInt32(0), settings)) != nil else { return false }
        sets[current].leftNs = linux_monotonic_ns()
        current = next
        return true
    }

    private var isAnyClosed: Bool { sets.contains { $0.isClosed } }

    /// Waits until no program can be at work on a set that they have left.
    private func awaitPrograms(_ set: Int) {
        if !isQuiet(set) { linux_sleep_ms(Self.graceMs) }
    }

    private func isQuiet(_ set: Int) -> Bool { linux_monotonic_ns() > sets[set].leftNs &+ UInt64(Self.graceMs) * 1_000_000 }

    /// What is seen all the time fills a set again and again, and telling it again costs more than it earns: hence the pause.
    private func isCrowded(_ set: Int) -> Bool {
        let kept = sets[set].kept
        return kept > capacity / 2 || kept > capacity / 8 && linux_monotonic_ns() > lastEmptiedNs &+ Self.pauseNs
    }

    /// Bucket by bucket, because before 4.18 a map of stacks does not say which it holds.
    private func empty(_ set: Int) {
        let first = set * Int(FAULT_STACK_SET_MAPS)
        for map in first..<first + Int(FAULT_STACK_SET_MAPS) {
            for place in 0..<Self.room(map, capacity) {
                var bucket = place
                bpf_map_delete_elem(maps[map], &bucket)
            }
        }
        sets[set] = StackSet()
        lastEmptiedNs = linux_monotonic_ns()
    }
}

extension StackMaps.StackSet {
    fileprivate var isOpen: Bool { if case .open = use { true } else { false } }
    fileprivate var isClosed: Bool { if case .closed = use { true } else { false } }
}

/// Where a stack is, by the number that records bear (FAULT_STACK_ID).
private struct StackPlace {
    let bucket: UInt32
    let map: Int

    init(_ id: UInt32) {
        bucket = (id - 1) / UInt32(FAULT_STACK_MAPS)
        map = Int((id - 1) % UInt32(FAULT_STACK_MAPS))
    }

    var set: Int { map / Int(FAULT_STACK_SET_MAPS) }
}

/// Stacks that are gone: their numbers will stand for others.
public struct GoneStacks {
    let set: Int

    public func contains(_ id: UInt32) -> Bool {
        id != UInt32(FAULT_STACK_NONE) && id != UInt32(FAULT_STACK_LOST) && StackPlace(id).set == set
    }
}
