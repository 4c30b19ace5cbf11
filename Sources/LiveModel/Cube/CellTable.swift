/// Faults added up by key: open addressing, at most half full. Past its limit, what is new is added up without its subject.
struct CellTable: Sendable {
    struct Cell: BitwiseCopyable, Sendable {
        let key: CellKey
        var events: UInt64 = 0
        var latencyNs: UInt64 = 0
    }

    private(set) var cells: [Cell] = []
    /// Places in `cells`, -1: free; empty while nothing is added.
    private var index: [Int32] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    @inline(__always)
    mutating func add(_ key: CellKey, events: UInt64 = 1, latencyNs: UInt64) {
        let place = place(of: key)
        cells[place].events &+= events
        cells[place].latencyNs = cells[place].latencyNs &+ latencyNs
    }

    /// Adds another table. Where that makes too many cells, those with the fewest faults lose their subject.
    mutating func add(_ other: CellTable) {
        var all = CellTable(limit: .max)
        (all.cells, all.index) = (cells, index)
        all.cells.reserveCapacity(cells.count + other.cells.count)
        all.add(other.cells)
        guard all.cells.count > limit else { return (cells, index) = (all.cells, all.index) }
        self = CellTable(limit: limit)
        add(all.cells.sorted { $0.events > $1.events })
    }

    private mutating func add(_ others: [Cell]) {
        for cell in others { add(cell.key, events: cell.events, latencyNs: cell.latencyNs) }
    }

    /// Whether half of the room is taken.
    var isFull: Bool { cells.count * 2 >= limit }

    /// Gives back what only adding needs: the index, and the room for more cells.
    mutating func rest() {
        index = []
        cells = cells.withUnsafeBufferPointer { Array($0) }
    }

    @inline(__always)
    private mutating func place(of key: CellKey) -> Int {
        if index.isEmpty { buildIndex(64) }
        let slot = slot(of: key)
        return index[slot] >= 0 ? Int(index[slot]) : insert(key)
    }

    private mutating func insert(_ key: CellKey) -> Int {
        if cells.count >= limit, key != key.withoutSubject { return place(of: key.withoutSubject) }
        if (cells.count + 1) * 2 > index.count { buildIndex(index.count * 2) }
        index[slot(of: key)] = Int32(cells.count)
        cells.append(Cell(key: key))
        return cells.count - 1
    }

    private mutating func buildIndex(_ atLeast: Int) {
        var size = atLeast
        while size < (cells.count + 1) * 2 { size *= 2 }
        index = [Int32](repeating: -1, count: size)
        for place in cells.indices { index[slot(of: cells[place].key)] = Int32(place) }
    }

    /// The slot that has the key, or the free one where it belongs (Fibonacci hashing, linear probing).
    @inline(__always)
    private func slot(of key: CellKey) -> Int {
        let mask = index.count - 1
        var slot = Int(truncatingIfNeeded: (key.bits &* 0x9e37_79b9_7f4a_7c15) >> 40) & mask
        while index[slot] >= 0, cells[Int(index[slot])].key != key { slot = (slot + 1) & mask }
        return slot
    }
}
