import FaultModel

/// The selected faults, added up in every way in which they are shown.
struct SelectionSums {
    /// The faults of one mapping, of all processes that are selected.
    struct Mapping {
        let key: Int
        var sum = LiveView.Sum()

        /// Region and mapping as one number; -1: those that found no room.
        static func key(_ key: CellKey) -> Int {
            key.subject == CellKey.others ? -1 : PairedSubject.other(key.subject) << 6 | key.detail
        }

        var isOthers: Bool { key < 0 }
        var mapping: Int { key >> 6 }
        var region: MemoryRegion { isOthers ? .unknown : MemoryRegion(rawValue: UInt8(key & 0x3f)) ?? .unknown }
    }

    private(set) var sum = LiveView.Sum()
    private(set) var lost: [UInt64]
    private(set) var latency: [[UInt64]]
    /// By process and stack.
    private(set) var stacks: [Int: LiveView.Sum] = [:]
    private var kinds = [LiveView.Sum](repeating: .init(), count: CellKey.Kind.count)
    private var causes: [[UInt64]]
    private var processes: [Int: LiveView.Sum] = [:]
    private var threads: [Int: LiveView.Sum] = [:]
    private var mappings: [Int: LiveView.Sum] = [:]

    init(_ window: TimeWindow) {
        let none = [UInt64](repeating: 0, count: window.columns.count)
        lost = none
        latency = [[UInt64]](repeating: none, count: LatencyStep.count)
        causes = [[UInt64]](repeating: none, count: 16)
    }

    /// - Parameters:
    ///   - process: nil: all.
    ///   - passes: by kind.
    mutating func add(_ bin: TimeBins.Bin, column: Int, _ state: borrowing LiveState, _ process: Int?, _ passes: [Bool]) {
        lost[column] += bin.lost
        for cell in bin.processes.cells where passes[Int(cell.key.kind.bits)] {
            guard process == nil || cell.key.subject == process else { continue }
            processes[cell.key.subject, default: .init()].add(cell)
            kinds[Int(cell.key.kind.bits)].add(cell)
            sum.add(cell)
            causes[cell.key.kind.cause][column] += cell.events
            latency[cell.key.detail][column] += cell.events
        }
        for cell in bin.mappings.cells where passes[Int(cell.key.kind.bits)] {
            guard process == nil || PairedSubject.process(cell.key.subject) == process else { continue }
            mappings[Mapping.key(cell.key), default: .init()].add(cell)
        }
        for cell in bin.threads.cells where passes[Int(cell.key.kind.bits)] {
            let place = cell.key.subject
            guard process == nil || place < state.threads.list.count && state.threads.list[place].process == process else { continue }
            threads[place, default: .init()].add(cell)
        }
        for cell in bin.stacks.cells where passes[Int(cell.key.kind.bits)] {
            guard process == nil || PairedSubject.process(cell.key.subject) == process else { continue }
            stacks[cell.key.subject, default: .init()].add(cell)
        }
    }

    // MARK: Shares

    /// The most frequent first.
    func shares<Value: Hashable & Sendable>(_ value: (CellKey.Kind) -> Value?) -> [LiveView.Share<Value>] {
        var sums: [Value?: LiveView.Sum] = [:]
        for (bits, sum) in kinds.enumerated() where sum.events > 0 { sums[value(CellKey.Kind(bits: UInt16(bits))), default: .init()].add(sum) }
        return sums.map { LiveView.Share(value: $0.key, sum: $0.value) }.sorted { $0.sum.events > $1.sum.events }
    }

    /// The causes that occur, in their own order.
    var timeline: [LiveView.Line<FaultCause?>] {
        causes.indices.filter { causes[$0].contains { $0 > 0 } }
            .map { LiveView.Line(value: FaultCause(rawValue: UInt8($0)), events: causes[$0]) }
    }

    // MARK: Rows

    func processRows(_ state: borrowing LiveState, _ limit: Int) -> [LiveView.ProcessRow] {
        let list = state.processes.list
        return Self.top(processes, limit).map { LiveView.ProcessRow(place: $0, process: list[$0], sum: $1) }
    }

    /// Of those past the rows.
    var otherProcesses: LiveView.Sum { processes[CellKey.others] ?? .init() }

    func threadRows(_ state: borrowing LiveState, _ limit: Int) -> [LiveView.ThreadRow] {
        let (list, processes) = (state.threads.list, state.processes.list)
        return Self.top(threads, limit).map { LiveView.ThreadRow(thread: list[$0], process: processes[list[$0].process], sum: $1) }
    }

    func mappingRows(_ state: borrowing LiveState, _ limit: Int) -> [Mapping] {
        Self.top(mappings, limit).map { Mapping(key: $0, sum: $1) }
    }

    /// Those with the most faults, and those that cost the most time.
    private static func top(_ sums: [Int: LiveView.Sum], _ limit: Int) -> [(Int, LiveView.Sum)] {
        let all = sums.filter { $0.key != CellKey.others }.map { ($0.key, $0.value) }
        let most = all.sorted { ($0.1.events, $1.0) > ($1.1.events, $0.0) }
        guard most.count > limit else { return most }
        let dearest = most.dropFirst(limit).sorted { $0.1.latencyNs > $1.1.latencyNs }.prefix(limit / 4)
        return Array(most.prefix(limit)) + dearest
    }
}

extension LiveView.Sum {
    mutating func add(_ cell: CellTable.Cell) {
        events &+= cell.events
        latencyNs = latencyNs &+ cell.latencyNs
        if cell.key.kind.traits.outcome == .major { major &+= cell.events }
    }

    mutating func add(_ other: LiveView.Sum) {
        events &+= other.events
        major &+= other.major
        latencyNs = latencyNs &+ other.latencyNs
    }
}
