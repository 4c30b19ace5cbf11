import FaultModel

/// One process's mappings, sorted by address, with the ones that stood there a moment ago: faults come later than the news of
/// what happened after them.
struct MappingTable: Sendable {
    /// A mapping, or what newer ones have left of it.
    struct Entry: BitwiseCopyable, Equatable {
        var start: UInt64
        var end: UInt64
        /// Of `start` in the file.
        var offset: UInt64
        /// When it came to be, CLOCK_BOOTTIME; zero: before anybody looked.
        var sinceNs: UInt64
        var kind: MappingKind
        var isWritable: Bool
        var region: MemoryRegion
        /// Its place in the `NameTable`.
        var name: UInt32
        /// The same of the very file, which is what its functions are known by; the name's where there is none.
        var file: UInt32

        @inline(__always)
        func holds(_ address: UInt64) -> Bool { start <= address && address < end }
    }

    private struct Replaced: BitwiseCopyable {
        let entry: Entry
        let untilNs: UInt64
    }

    private struct Earlier {
        let entries: [Entry]
        let untilNs: UInt64
    }

    /// What is found at an address.
    enum Finding: Equatable {
        /// - Parameter isCurrent: whether it still stood there when the last news came.
        case mapping(Entry, isCurrent: Bool)
        /// Nothing, but a fault there makes the stack larger.
        case belowStack(Entry)
        case nothing
    }

    /// How far below its start a stack can grow: the usual limit of its whole size (RLIMIT_STACK).
    private static let stackReach: UInt64 = 8 << 20
    /// Replaced mappings kept at most; the older half goes first.
    private static let replacedLimit = 4096
    private static let earlierLimit = 16

    private(set) var entries: [Entry] = []
    /// Of `entries`: a search touches an eighth of the memory.
    private var ends: [UInt64] = []
    private var replaced: [Replaced] = []
    /// The mappings of the programs that ran here before, or of the process that had the number: a shell may run a few within
    /// one drain of the agent's.
    private var earlier: [Earlier] = []
    /// Until when those were valid.
    private(set) var earlierUntilNs: UInt64 = 0
}

// MARK: - Looking

extension MappingTable {
    /// What stood at an address at a time.
    ///
    /// - Parameter hint: the entry that was found last for whoever asks, who mostly comes to the same one or the next.
    @inline(__always)
    func find(_ address: UInt64, atNs timeNs: UInt64, near hint: inout Int) -> Finding {
        if timeNs < earlierUntilNs { return findEarlier(address, atNs: timeNs) }
        let place = place(of: address, near: hint)
        hint = place
        guard place < entries.count else { return .nothing }
        let entry = entries[place]
        guard entry.holds(address) else { return Self.below(entry, address) }
        return entry.sinceNs <= timeNs ? .mapping(entry, isCurrent: true) : findReplaced(by: entry, address, atNs: timeNs)
    }

    private func findReplaced(by entry: Entry, _ address: UInt64, atNs timeNs: UInt64) -> Finding {
        if let old = replaced.last(where: { $0.entry.holds(address) && $0.untilNs > timeNs && $0.entry.sinceNs <= timeNs }) {
            return .mapping(old.entry, isCurrent: false)
        }
        return entry.kind == .stack ? .belowStack(entry) : .nothing
    }

    /// The mapping that ends where this one begins.
    ///
    /// - Parameter hint: where this one may be.
    @inline(__always)
    func before(_ entry: Entry, near hint: Int) -> Entry? {
        let place = place(of: entry.start, near: hint)
        return place > 0 && ends[place - 1] == entry.start ? entries[place - 1] : nil
    }

    private func findEarlier(_ address: UInt64, atNs timeNs: UInt64) -> Finding {
        let program = earlier.first { timeNs < $0.untilNs }
        guard let entry = program?.entries.first(where: { address < $0.end }) else { return .nothing }
        return entry.holds(address) ? .mapping(entry, isCurrent: false) : Self.below(entry, address)
    }

    private static func below(_ entry: Entry, _ address: UInt64) -> Finding {
        entry.kind == .stack && entry.start - address <= stackReach ? .belowStack(entry) : .nothing
    }

    @inline(__always)
    private func place(of address: UInt64, near hint: Int) -> Int {
        for place in hint...hint + 1 where place < ends.count && address < ends[place] {
            if place == 0 || ends[place - 1] <= address { return place }
        }
        return self.place(of: address)
    }

    /// The first entry that ends behind the address.
    private func place(of address: UInt64) -> Int {
        if ends.last.map({ $0 <= address }) ?? true { return ends.count }
        var (low, length) = (0, ends.count)
        while length > 1 {
            let half = length / 2
            low += ends[low + half - 1] <= address ? half : 0
            length -= half
        }
        return low
    }

    private func overlapped(by entry: Entry) -> Range<Int> {
        let first = place(of: entry.start)
        var last = first
        while last < entries.count, entries[last].start < entry.end { last += 1 }
        return first..<last
    }
}

// MARK: - News

extension MappingTable {
    /// A mapping came to be: it cuts what it overlaps.
    mutating func insert(_ entry: Entry) {
        var entry = entry
        let places = overlapped(by: entry)
        if places.isEmpty {
            entries.insert(entry, at: places.lowerBound)
            return ends.insert(entry.end, at: places.lowerBound)
        }
        if entry.kind != .stack, entries[places].allSatisfy({ $0.continues(entry) }) {
            if places.count == 1 { entry.inherit(entries[places.lowerBound]) }
            entry.sinceNs = entries[places].reduce(entry.sinceNs) { min($0, $1.sinceNs) }
        } else {
            for place in places { keep(entries[place], replacedBy: entry) }
        }
        var pieces: [Entry] = []
        if let first = entries[places].first, first.start < entry.start { pieces.append(first.cut(first.start, entry.start)) }
        pieces.append(entry)
        if let last = entries[places].last, last.end > entry.end { pieces.append(last.cut(entry.end, last.end)) }
        entries.replaceSubrange(places, with: pieces)
        ends.replaceSubrange(places, with: pieces.map(\.end))
    }

    private mutating func keep(_ old: Entry, replacedBy new: Entry) {
        if replaced.count >= Self.replacedLimit { replaced.removeFirst(Self.replacedLimit / 2) }
        let piece = old.cut(max(old.start, new.start), min(old.end, new.end))
        replaced.append(Replaced(entry: piece, untilNs: new.sinceNs))
    }

    /// A mapping was there at a time. What is known to be newer stays; where nothing is known, it has always been there.
    mutating func found(_ entry: Entry, atNs timeNs: UInt64) {
        var from = entry.start
        var gaps: [Entry] = []
        for place in overlapped(by: entry) where entries[place].sinceNs > timeNs || entries[place].continues(entry) {
            if entries[place].start > from { gaps.append(entry.cut(from, entries[place].start)) }
            from = entries[place].end
        }
        rename(entry, atNs: timeNs)
        if from < entry.end { gaps.append(entry.cut(from, entry.end)) }
        for var gap in gaps {
            gap.sinceNs = overlapped(by: gap).isEmpty ? 0 : timeNs
            insert(gap)
        }
    }

    /// Memory that is as old as it was has another name, or only now has one: prctl(2) gives it after mmap(2), and no record tells.
    private mutating func rename(_ entry: Entry, atNs timeNs: UInt64) {
        for place in overlapped(by: entry).reversed() {
            let old = entries[place]
            guard old.sinceNs <= timeNs, old.name != entry.name, old.continues(entry), old.kind == .anonymous || old.name == 0 else { continue }
            var piece = old.cut(max(old.start, entry.start), min(old.end, entry.end))
            (piece.name, piece.file, piece.region) = (entry.name, entry.file, entry.region)
            let pieces = [old.cut(old.start, piece.start), piece, old.cut(piece.end, old.end)].filter { $0.start < $0.end }
            entries.replaceSubrange(place...place, with: pieces)
            ends.replaceSubrange(place...place, with: pieces.map(\.end))
        }
    }

    /// From a time on this process has other mappings: none after exec, its parent's after fork.
    ///
    /// - Parameters:
    ///   - other: whose they are; nil: nobody's.
    ///   - program: the name of the file that was run until now.
    mutating func become(_ other: MappingTable?, program: UInt32, atNs timeNs: UInt64) {
        for place in entries.indices where entries[place].name == program && entries[place].region == .file { entries[place].region = .exe }
        if earlier.count == Self.earlierLimit { earlier.removeFirst() }
        earlier.append(Earlier(entries: entries, untilNs: timeNs))
        earlierUntilNs = timeNs
        entries = other?.entries ?? []
        ends = other?.ends ?? []
        replaced = []
    }
}

extension MappingTable.Entry {
    init(_ mapping: MemoryMapping, name: UInt32, file: UInt32, sinceNs: UInt64) {
        self.init(
            start: mapping.start, end: mapping.end, offset: mapping.offset, sinceNs: sinceNs, kind: mapping.kind,
            isWritable: mapping.isWritable, region: MemoryRegion(name: mapping.name, kind: mapping.kind), name: name, file: file)
    }

    /// A part of named memory whose protection changes keeps its name, which perf's record does not have.
    fileprivate mutating func inherit(_ whole: Self) {
        guard name == 0, kind == .anonymous, whole.start <= start, end <= whole.end else { return }
        (name, file, region, offset) = (whole.name, whole.file, whole.region, whole.offset &+ (start &- whole.start))
    }

    /// The part between two addresses.
    fileprivate func cut(_ start: UInt64, _ end: UInt64) -> Self {
        var part = self
        (part.start, part.end, part.offset) = (start, end, offset &+ (start &- self.start))
        return part
    }

    /// Whether the two are the same memory, which merely grew or shrank. perf's records do not have
    /// the names of anonymous memory.
    fileprivate func continues(_ other: Self) -> Bool {
        guard kind == other.kind, isWritable == other.isWritable else { return false }
        if kind == .anonymous { return true }
        return (file == other.file || name == 0) && offset &- start == other.offset &- other.start
    }
}
