/// Faults by what they have in common: what they came to, and how many there are of late. In bounded memory: when it is full, the
/// half in which nothing has happened for longest goes, and is counted together.
///
/// Adding a fault allocates nothing unless it is the first of its group.
struct ActivityGroups<Key: Hashable & BitwiseCopyable & Sendable>: Sendable {
    private let limit: Int
    private(set) var keys: [Key] = []
    private(set) var counts: [ActivityCounts] = []
    private(set) var recent = ActivityRings(depth: Int(ActivityClock.slotsPerSecond) + 1)
    /// Of the groups that had to go.
    private(set) var others = ActivityCounts()
    private var rows: [Key: Int] = [:]
    /// Where the last fault was counted, for the next one is mostly of the same group.
    private var lastRow = 0

    init(limit: Int) { self.limit = limit }

    @inline(__always)
    mutating func find(_ key: Key) -> Int? {
        if lastRow < keys.count, keys[lastRow] == key { return lastRow }
        guard let row = rows[key] else { return nil }
        lastRow = row
        return row
    }

    /// Adds a group that is not there yet.
    ///
    /// - Returns: the rows that have stayed, where others had to go.
    mutating func insert(_ key: Key) -> [Int]? {
        let kept = keys.count < limit ? nil : makeRoom()
        rows[key] = keys.count
        keys.append(key)
        counts.append(ActivityCounts())
        recent.addRow()
        return kept
    }

    @inline(__always)
    mutating func add(_ step: ActivityCounts, toRow row: Int, at slot: Int32) {
        counts[row].add(step)
        recent.add(step, to: row, at: slot)
    }

    @inline(__always)
    mutating func add(_ step: ActivityCounts, to key: Key, at slot: Int32) {
        if let row = find(key) { return add(step, toRow: row, at: slot) }
        _ = insert(key)
        add(step, toRow: keys.count - 1, at: slot)
    }

    private mutating func makeRoom() -> [Int] {
        let latest = keys.indices.sorted { (recent.newest($0), counts[$0].faults) > (recent.newest($1), counts[$1].faults) }
        let kept = latest.prefix(limit / 2).sorted()
        for row in latest.dropFirst(limit / 2) { others.add(counts[row]) }
        (keys, counts) = (kept.map { keys[$0] }, kept.map { counts[$0] })
        recent.keep(kept)
        rows.removeAll(keepingCapacity: true)
        for (row, key) in keys.enumerated() { rows[key] = row }
        lastRow = 0
        return kept
    }
}

/// One group, as it stands.
public struct ActivityGroup<Key: Sendable>: Sendable {
    public let key: Key
    public let counts: ActivityCounts
    public let rate: ActivityRate
}

extension ActivityGroups {
    func groups(_ clock: ActivityClock, where isWanted: (Key) -> Bool) -> [ActivityGroup<Key>] {
        keys.indices.compactMap { row in
            isWanted(keys[row]) ? ActivityGroup(key: keys[row], counts: counts[row], rate: clock.rate(recent, row)) : nil
        }
    }
}
