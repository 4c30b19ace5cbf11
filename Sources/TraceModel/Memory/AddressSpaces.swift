public import FaultModel
public import WireProtocol

/// What stands at the addresses of every process that has been told of, now and a moment ago.
///
/// News may come in any order up to the next `settle`, for the kernel keeps them by CPU.
public struct AddressSpaces: Sendable {
    /// How long a process is remembered after its end, by the device's clock: its last faults may still be on their way.
    private static let graceNs: UInt64 = 5_000_000_000
    /// How long not to ask for a process's mappings again: at first, and at the most after asking time and again.
    private static let firstPauseNs: UInt64 = 50_000_000
    private static let longestPauseNs: UInt64 = 3_200_000_000
    private static let waitingLimit = 1 << 16

    /// Where in `spaces` a process is; a place that nobody needs any more is used again.
    private var places: [UInt32: Int] = [:]
    private var spaces: [Space] = []
    private var freePlaces: [Int] = []
    private var names = NameTable()
    private var waiting: [News] = []
    private var graves: [(pid: UInt32, timeNs: UInt64)] = []
    /// Every fault up to then has come, but for those that took long.
    private(set) var completeUntilNs: UInt64 = 0
    /// Grows with every change, so that what was found before is known to be old.
    public private(set) var generation: UInt32 = 0

    private struct Space: Sendable {
        var table = MappingTable()
        /// The file of the program that runs here, by its name's number; zero: not known.
        var program: UInt32 = 0
        /// The next file that is mapped is the program's.
        var awaitsProgram = false
        /// When the process got its number; zero: before the trace.
        var bornNs: UInt64 = 0
        /// Until when its mappings are not to be asked for, and how long then.
        var pausedUntilNs: UInt64 = 0
        var pauseNs = AddressSpaces.firstPauseNs
    }

    private enum News: Sendable {
        case mappings(Mappings)
        case mapped(Mapped)
        case forked(Forked)
        case executed(Executed)
        case exited(Exited)
        case process(ProcessFacts)

        var timeNs: UInt64 {
            switch self {
            case .mappings(let news): news.timeNs
            case .mapped(let news): news.timeNs
            case .forked(let news): news.timeNs
            case .executed(let news): news.timeNs
            case .exited(let news): news.timeNs
            case .process(let news): news.timeNs
            }
        }
    }

    public init() {}

    /// How many processes are remembered.
    public var processCount: Int { places.count }

    // MARK: Looking

    /// What stood at an address at a time, and the range for which that is so.
    public func find(_ address: UInt64, of pid: UInt32, atNs timeNs: UInt64) -> Place {
        switch finding(address, of: pid, atNs: timeNs) {
        case .mapping(let entry, _)?: .mapping(found(entry, of: pid))
        case .belowStack?: .belowStack
        case .nothing?: .nothing
        case nil: .unknown
        }
    }

    /// The same without the name; nil: nobody has told of this process.
    func finding(_ address: UInt64, of pid: UInt32, atNs timeNs: UInt64) -> MappingTable.Finding? {
        var hint = 0
        return place(of: pid).map { finding(address, at: $0, atNs: timeNs, near: &hint) }
    }

    /// Where a process is among `spaces`, which stays so until the next `settle`.
    func place(of pid: UInt32) -> Int? { places[pid] }

    @inline(__always)
    func finding(_ address: UInt64, at place: Int, atNs timeNs: UInt64, near hint: inout Int) -> MappingTable.Finding {
        spaces[place].table.find(address, atNs: timeNs, near: &hint)
    }

    /// The earliest time for which what `finding` calls current holds in this process.
    func currentSinceNs(at place: Int) -> UInt64 { spaces[place].table.earlierUntilNs }

    public enum Place: Equatable, Sendable {
        case mapping(Found)
        /// Nothing yet; a fault there makes the stack larger.
        case belowStack
        case nothing
        /// Nobody has told of this process.
        case unknown
    }

    /// A mapping, as far as newer ones have left it.
    public struct Found: Equatable, Sendable {
        public let range: Range<UInt64>
        /// When it came to be, CLOCK_BOOTTIME; zero: before anybody looked.
        public let sinceNs: UInt64
        public let kind: MappingKind
        public let isWritable: Bool
        public let region: MemoryRegion
        /// Of the range's beginning in the file.
        public let offset: UInt64
        public let name: String
    }

    private func found(_ entry: MappingTable.Entry, of pid: UInt32) -> Found {
        Found(
            range: entry.start..<entry.end, sinceNs: entry.sinceNs, kind: entry.kind, isWritable: entry.isWritable,
            region: place(of: pid).map { region(of: entry, at: $0, near: 0) } ?? entry.region, offset: entry.offset, name: names.files[Int(entry.name)].name)
    }

    /// What a mapping is used for among those of its process: as in meminfo, memory without a name right behind a library is
    /// that library's, and so it is with the program.
    ///
    /// - Parameter hint: where among them it may be.
    func region(of entry: MappingTable.Entry, at place: Int, near hint: Int) -> MemoryRegion {
        if entry.region == .file { return entry.name == spaces[place].program ? .exe : .file }
        guard entry.region == .anonymous, entry.name == 0, let before = spaces[place].table.before(entry, near: hint), before.kind.isOwnFile
        else { return entry.region }
        let owner = region(of: before, at: place, near: max(hint - 1, 0))
        return owner == .so || owner == .exe ? owner : .anonymous
    }

    /// The path of the program that a process runs; nil: not known.
    func program(of pid: UInt32) -> String? {
        guard let place = places[pid], spaces[place].program > 0 else { return nil }
        return names.files[Int(spaces[place].program)].name
    }

    /// The mappings of every process that is remembered, as if they were told at a time.
    func retold(atNs timeNs: UInt64) -> [Mappings] {
        places.keys.sorted().map { pid in
            let list = spaces[places[pid]!].table.entries.map { entry in
                MemoryMapping(
                    start: entry.start, end: entry.end, offset: entry.offset, kind: entry.kind, isWritable: entry.isWritable,
                    name: names.files[Int(entry.name)].name, file: names.files[Int(entry.file)].identity)
            }
            return Mappings(timeNs: timeNs, pid: pid, list: list)
        }
    }

    /// A file's number among the names.
    mutating func number(of file: MappedFile) -> UInt32 { names.number(of: file) }

    var nameCount: Int { names.files.count }

    /// The names beyond the first so many, and whose they are.
    func names(from count: Int) -> ArraySlice<MappedFile> { names.files[count...] }

    /// Whether to ask the agent for a process's mappings, because there was nothing where a fault fell. After each time that
    /// takes twice as long to be so again. It is never so for a process that nobody has told of, which had gone before anybody
    /// could look, nor for what happened in the life before its last exec.
    public mutating func shouldLook(at pid: UInt32, atNs timeNs: UInt64) -> Bool {
        guard let place = places[pid] else { return false }
        guard timeNs >= max(spaces[place].pausedUntilNs, spaces[place].table.earlierUntilNs) else { return false }
        spaces[place].pausedUntilNs = timeNs.addingOrMax(spaces[place].pauseNs)
        spaces[place].pauseNs = min(spaces[place].pauseNs * 2, Self.longestPauseNs)
        return true
    }

    // MARK: News

    /// Keeps what a message says about a process's memory; other messages are nothing to it.
    public mutating func note(_ message: AgentMessage) {
        switch message {
        case .mappings(let news): waiting.append(.mappings(news))
        case .mapped(let news): waiting.append(.mapped(news))
        case .forked(let news): waiting.append(.forked(news))
        case .executed(let news): waiting.append(.executed(news))
        case .exited(let news): waiting.append(.exited(news))
        case .round(let round): completeUntilNs = max(completeUntilNs, round.completeUntilNs)
        case .process(let news) where !news.executable.isEmpty: waiting.append(.process(news))
        default: break
        }
        if waiting.count >= Self.waitingLimit { settle() }
    }

    /// Nothing of what has been told holds any more, but for names.
    mutating func forgetProcesses() {
        (places, spaces, freePlaces) = ([:], [], [])
        (waiting, graves) = ([], [])
        generation &+= 1
    }

    /// Puts the news that have come into effect, in order of time.
    public mutating func settle() {
        guard !waiting.isEmpty else { return }
        generation &+= 1
        let order = waiting.indices.sorted { (waiting[$0].timeNs, $0) < (waiting[$1].timeNs, $1) }
        for place in order { apply(waiting[place]) }
        bury(beforeNs: completeUntilNs)
        waiting.removeAll(keepingCapacity: true)
    }

    private mutating func apply(_ news: News) {
        switch news {
        case .mappings(let news):
            let place = claim(news.pid)
            for mapping in news.list { spaces[place].table.found(entry(mapping, 0), atNs: news.timeNs) }
        case .mapped(let news): insert(news)
        case .forked(let news): inherit(news)
        case .executed(let news): begin(news)
        case .exited(let news): graves.append((news.pid, news.timeNs))
        case .process(let news): learn(news)
        }
    }

    /// What its own mappings have told is the better word: the file may have been removed since.
    private mutating func learn(_ news: ProcessFacts) {
        let place = claim(news.pid)
        if spaces[place].program == 0 { spaces[place].program = names.number(of: MappedFile(name: news.executable)) }
    }

    private mutating func insert(_ news: Mapped) {
        let place = claim(news.pid)
        let entry = entry(news.mapping, news.timeNs)
        spaces[place].table.insert(entry)
        guard spaces[place].awaitsProgram, entry.kind.isOwnFile else { return }
        (spaces[place].program, spaces[place].awaitsProgram) = (entry.name, false)
    }

    private mutating func inherit(_ news: Forked) {
        let parent = places[news.parent]
        become(parent.map { spaces[$0].table }, news.pid, news.timeNs)
        spaces[claim(news.pid)].program = parent.map { spaces[$0].program } ?? 0
    }

    private mutating func begin(_ news: Executed) {
        become(nil, news.pid, news.timeNs)
        let place = claim(news.pid)
        (spaces[place].program, spaces[place].awaitsProgram) = (0, true)
    }

    private mutating func entry(_ mapping: MemoryMapping, _ sinceNs: UInt64) -> MappingTable.Entry {
        let name = names.number(of: MappedFile(name: mapping.name))
        let file = mapping.file == .unknown ? name : names.number(of: MappedFile(name: mapping.name, identity: mapping.file))
        return MappingTable.Entry(mapping, name: name, file: file, sinceNs: sinceNs)
    }

    private mutating func become(_ other: MappingTable?, _ pid: UInt32, _ timeNs: UInt64) {
        let place = claim(pid)
        spaces[place].table.become(other, program: spaces[place].program, atNs: timeNs)
        spaces[place].bornNs = timeNs
        (spaces[place].pausedUntilNs, spaces[place].pauseNs) = (0, Self.firstPauseNs)
    }

    /// A process's place; a new one where there is none.
    private mutating func claim(_ pid: UInt32) -> Int {
        if let known = places[pid] { return known }
        if freePlaces.isEmpty { spaces.append(Space()) }
        let place = freePlaces.popLast() ?? spaces.count - 1
        places[pid] = place
        return place
    }

    /// Forgets the processes that ended long enough ago and whose number nobody has taken since.
    private mutating func bury(beforeNs nowNs: UInt64) {
        let due = graves.prefix { $0.timeNs.addingOrMax(Self.graceNs) < nowNs }
        for grave in due {
            guard let place = places[grave.pid], spaces[place].bornNs <= grave.timeNs else { continue }
            places[grave.pid] = nil
            spaces[place] = Space()
            freePlaces.append(place)
        }
        graves.removeFirst(due.count)
    }
}

extension MappingKind {
    /// A file of which written pages become copies, as programs and libraries are mapped.
    fileprivate var isOwnFile: Bool { self == .filePrivate || self == .sharedMemoryPrivate }
}
