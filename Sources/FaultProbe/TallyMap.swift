public import CFaultRecord
import CLibbpf

/// Faults counted in the kernel, in the map `tally`, round by round: while one round is being counted, the one before can be read
/// and removed, for nobody adds to it any more.
public final class TallyMap {
    private let map: Int32
    private let shortcuts: Int32
    private let filter: BPFMap
    private var settings: fault_filter
    private let rows: UInt32
    /// One row as each CPU has counted it.
    private var values: [fault_tally]
    private let zeros: [fault_tally]
    /// The round up to which the shortcuts have been read: they are not set to zero, but used again for the round after the next.
    private var readUntil: UInt32 = 0

    init(_ map: BPFMap, _ shortcuts: BPFMap, rows: UInt32, _ filter: BPFMap, _ settings: fault_filter) {
        self.map = map.descriptor
        self.shortcuts = shortcuts.descriptor
        self.rows = rows
        self.filter = filter
        self.settings = settings
        zeros = Array(repeating: fault_tally(), count: Int(libbpf_num_possible_cpus()))
        values = zeros
    }

    /// How many rows these bytes hold, on all CPUs together.
    static func rows(in bytes: UInt64) -> UInt32 { UInt32(max(1, min(bytes / rowBytes, 1 << 20))) }

    private static var rowBytes: UInt64 { UInt64(MemoryLayout<fault_tally>.size) * UInt64(libbpf_num_possible_cpus()) }

    /// What the rows take, on all CPUs together.
    var bytes: UInt64 { UInt64(rows) * Self.rowBytes }

    /// Begins another round. A program that runs at this moment still adds to the old one, and has ended some microseconds later.
    public func turn() {
        settings.tally_round &+= 1 << UInt32(FAULT_TALLY_ROUND_SHIFT)
        try? filter.set(UInt32(0), settings)
    }

    /// Removes the rows of all rounds that are over and hands them out, summed up over CPUs.
    ///
    /// - Parameter isOver: nothing is counted any more: the round that was being counted is over, too.
    public func take(isOver: Bool, _ body: (fault_tally_key, fault_tally) -> Void) {
        for cpu in 0..<UInt32(values.count) { takeShortcuts(of: cpu, isOver: isOver, body) }
        readUntil = isOver ? settings.tally_round : settings.tally_round &- 1 << UInt32(FAULT_TALLY_ROUND_SHIFT)
        for var key in keys() where isOver || key.round != settings.tally_round {
            guard bpf_map_lookup_elem(map, &key, &values) == 0 else { continue }
            remove(&key)
            body(key, sum())
        }
    }

    /// What a CPU has counted beside the rows, whose identity they bear.
    private func takeShortcuts(of cpu: UInt32, isOver: Bool, _ body: (fault_tally_key, fault_tally) -> Void) {
        for var place in [2 * cpu, 2 * cpu + 1] {
            var slots = fault_shortcuts()
            guard bpf_map_lookup_elem(shortcuts, &place, &slots) == 0 else { continue }
            slots.each { key, count in
                guard count > 0, key.round > readUntil, isOver || key.round != settings.tally_round else { return }
                var (key, row) = (key, fault_tally())
                if bpf_map_lookup_elem(map, &key, &values) == 0 { row = sum() }
                body(key, row.only(count))
            }
        }
    }

    private func keys() -> [fault_tally_key] {
        var keys: [fault_tally_key] = []
        var key = fault_tally_key()
        guard bpf_map_get_next_key(map, nil, &key) == 0 else { return [] }
        repeat { keys.append(key) } while keys.count < rows && bpf_map_get_next_key(map, &keys[keys.count - 1], &key) == 0
        return keys
    }

    /// Before 5.10 a row that is used again keeps what other CPUs had counted in it ("bpf: zero-fill re-used per-cpu map element",
    /// d3bec0138bfb): it is set to zero before it goes.
    private func remove(_ key: inout fault_tally_key) {
        _ = bpf_map_update_elem(map, &key, zeros, UInt64(BPF_EXIST))
        _ = bpf_map_delete_elem(map, &key)
    }

    private func sum() -> fault_tally {
        var sum = fault_tally()
        for value in values { sum.add(value) }
        return sum
    }
}

extension fault_tally_key {
    fileprivate var round: UInt32 { group & ~((1 << UInt32(FAULT_TALLY_ROUND_SHIFT)) - 1) }

    /// The faults' traits.
    public var traits: UInt8 { UInt8(truncatingIfNeeded: group) }
}

extension fault_shortcuts {
    fileprivate func each(_ body: (fault_tally_key, UInt64) -> Void) {
        withUnsafeBytes(of: self) { bytes in
            let words = bytes.assumingMemoryBound(to: UInt64.self)
            for place in stride(from: 0, to: words.count, by: 2) {
                let whole = words[place]
                let key = fault_tally_key(id: UInt32(whole >> 32), group: UInt32(truncatingIfNeeded: whole))
                body(key, words[place + 1])
            }
        }
    }
}

extension fault_tally {
    /// So many faults of the same identity, without a latency.
    fileprivate func only(_ count: UInt64) -> fault_tally {
        var part = fault_tally()
        (part.count, part.pid, part.tid, part.uid, part.comm) = (count, pid, tid, uid, comm)
        return part
    }

    /// The identity stands on one CPU alone.
    fileprivate mutating func add(_ other: fault_tally) {
        count &+= other.count
        latency_ns &+= other.latency_ns
        if other.pid != 0 { (pid, tid, uid, comm) = (other.pid, other.tid, other.uid, other.comm) }
        withUnsafeMutableBytes(of: &slots) { mine in
            withUnsafeBytes(of: other.slots) { theirs in
                let (mine, theirs) = (mine.assumingMemoryBound(to: UInt32.self), theirs.assumingMemoryBound(to: UInt32.self))
                for place in mine.indices { mine[place] &+= theirs[place] }
            }
        }
    }

    /// The slots up to the last that has any.
    public var histogram: [UInt64] {
        withUnsafeBytes(of: slots) { bytes in
            let slots = bytes.assumingMemoryBound(to: UInt32.self)
            let end = slots.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
            return slots[..<end].map { UInt64($0) }
        }
    }
}
