public import FaultModel
public import WireProtocol

/// Gives faults their cause, by what stands at their address.
public struct CauseFinder: Sendable {
    public private(set) var spaces = AddressSpaces()
    private var unexplained: [UInt32] = []
    private var cache = [Slot](repeating: Slot(), count: slotCount)
    private let verdicts: VerdictTable

    private static let slotCount = 2048
    /// From here on addresses are the kernel's, on every 64-bit architecture.
    private static let kernelHalf: UInt64 = 1 << 63

    /// The mapping found last among the addresses that share the slot.
    private struct Slot: BitwiseCopyable {
        var start: UInt64 = 0
        var end: UInt64 = 0
        var sinceNs: UInt64 = 0
        var pid: UInt32 = 0
        var generation: UInt32 = .max
        var ground = VerdictTable.Ground.nothing
    }

    /// - Parameter retriesAreMajor: see `PreflightReport.Kernel.countsRetriesAsMajor`.
    public init(retriesAreMajor: Bool = false) { verdicts = VerdictTable(retriesAreMajor: retriesAreMajor) }

    /// Keeps what a message says about a process's memory; other messages are nothing to it.
    public mutating func note(_ message: AgentMessage) { spaces.note(message) }

    /// Sets each fault's cause. All news that precede the faults must have come.
    public mutating func explain(_ faults: inout [PageFault]) {
        spaces.settle()
        for place in faults.indices { faults[place].cause = cause(of: faults[place]) }
    }

    /// The processes of which nothing was known where a fault fell, since the last call: to ask the agent for.
    public mutating func takeUnexplained() -> [UInt32] {
        defer { if !unexplained.isEmpty { unexplained = [] } }
        return unexplained
    }

    @inline(__always)
    private mutating func cause(of fault: PageFault) -> FaultCause? {
        let slot = Self.slot(of: fault)
        let known = cache[slot]
        let isKnown = known.start <= fault.address && fault.address < known.end && known.pid == fault.thread.pid
            && known.sinceNs <= fault.timeNs && known.generation == spaces.generation
        return verdicts.cause(fault.kind, isKnown ? known.ground : look(at: fault, slot))
    }

    /// Sixty-four KiB share a slot: neighbours are mostly of one mapping.
    @inline(__always)
    private static func slot(of fault: PageFault) -> Int {
        let key = fault.address >> 16 ^ UInt64(fault.thread.pid) << 40
        return Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 53)
    }

    @inline(never)
    private mutating func look(at fault: PageFault, _ slot: Int) -> VerdictTable.Ground {
        if fault.address >= Self.kernelHalf { return .kernel }
        switch spaces.finding(fault.address, of: fault.thread.pid, atNs: fault.timeNs) {
        case .mapping(let entry, let isCurrent)?:
            if isCurrent { remember(entry, of: fault.thread.pid, slot) }
            return .init(entry.kind)
        case .belowStack?: return .belowStack
        case .nothing?:
            noteUnexplained(fault)
            return .nothing
        case nil: return .nothing
        }
    }

    private mutating func remember(_ entry: MappingTable.Entry, of pid: UInt32, _ slot: Int) {
        cache[slot] = Slot(
            start: entry.start, end: entry.end, sinceNs: max(entry.sinceNs, spaces.currentSinceNs(pid)), pid: pid,
            generation: spaces.generation, ground: .init(entry.kind))
    }

    /// mremap(2) moves mappings without a word.
    private mutating func noteUnexplained(_ fault: PageFault) {
        guard fault.kind.traits.outcome != .failed, spaces.shouldLook(at: fault.thread.pid, atNs: fault.timeNs) else { return }
        unexplained.append(fault.thread.pid)
    }
}

/// `FaultCause`'s judgement of every combination, made once.
struct VerdictTable: Sendable {
    /// A mapping's kind, or what is there instead.
    struct Ground: RawRepresentable, BitwiseCopyable {
        let rawValue: UInt8

        static let nothing = Ground(rawValue: 0)
        static let belowStack = Ground(rawValue: 8)
        /// The kernel's own half, of whose mappings nothing is known.
        static let kernel = Ground(rawValue: 9)

        init(rawValue: UInt8) { self.rawValue = rawValue }
        init(_ kind: MappingKind) { self.init(rawValue: kind.rawValue) }
    }

    private let causes: [FaultCause?]
    private let retriesAreMajor: Bool

    init(retriesAreMajor: Bool) {
        self.retriesAreMajor = retriesAreMajor
        causes = (0..<256 << 4).map { index in
            let traits = FaultTraits(rawValue: UInt8(index >> 4))
            return Self.judge(FaultKind(traits: traits, errorCode: nil), Ground(rawValue: UInt8(index & 15)), retriesAreMajor)
        }
    }

    @inline(__always)
    func cause(_ kind: FaultKind, _ ground: Ground) -> FaultCause? {
        if kind.isAccessFlagFault { return Self.judge(kind, ground, retriesAreMajor) }
        return causes[Int(kind.traits.rawValue) << 4 | Int(ground.rawValue)]
    }

    private static func judge(_ kind: FaultKind, _ ground: Ground, _ retriesAreMajor: Bool) -> FaultCause? {
        if ground == .kernel, kind.traits.outcome != .failed { return nil }
        return FaultCause(
            kind, mapping: MappingKind(rawValue: ground.rawValue), isBelowStack: ground == .belowStack,
            retriesAreMajor: retriesAreMajor)
    }
}
