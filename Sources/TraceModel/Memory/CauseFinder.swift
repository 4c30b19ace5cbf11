public import FaultModel
public import WireProtocol

/// Gives faults their cause, by what stands at their address.
public struct CauseFinder: Sendable {
    public private(set) var spaces = AddressSpaces()
    private var unexplained: [UInt32] = []
    private var cache = GroundCache()
    private let verdicts: VerdictTable
    /// By the low bits of its id, where a process was found last.
    private var places = [(pid: UInt32, place: Int32, generation: UInt32)](repeating: (0, 0, .max), count: placeCount)

    private static let placeCount = 256
    /// From here on addresses are the kernel's, on every 64-bit architecture.
    private static let kernelHalf: UInt64 = 1 << 63

    /// - Parameter kernel: the device's; nil where its release is no version.
    public init(_ kernel: KernelVersion?) { verdicts = VerdictTable(retriesAreMajor: kernel?.retriesAreMajor ?? false) }

    /// Keeps what a message says about a process's memory; other messages are nothing to it.
    public mutating func note(_ message: AgentMessage) { spaces.note(message) }

    /// Sets each fault's cause. All news that precede the faults must have come.
    public mutating func explain(_ faults: inout [PageFault]) {
        spaces.settle()
        for place in faults.indices {
            let ground = cache.ground(of: faults[place], spaces.generation) ?? look(at: faults[place])
            faults[place].cause = verdicts.cause(faults[place], ground)
        }
    }

    /// The processes of which nothing was known where a fault fell, since the last call: to ask the agent for.
    public mutating func takeUnexplained() -> [UInt32] {
        defer { if !unexplained.isEmpty { unexplained = [] } }
        return unexplained
    }

    // MARK: Looking

    @inline(never)
    private mutating func look(at fault: PageFault) -> Ground {
        if fault.address >= Self.kernelHalf { return .kernel }
        guard let place = place(of: fault.thread.pid) else { return .nothing }
        switch spaces.finding(fault.address, at: place, atNs: fault.timeNs) {
        case .mapping(let entry, let isCurrent):
            if isCurrent {
                let sinceNs = max(entry.sinceNs, spaces.currentSinceNs(at: place))
                cache.remember(entry, sinceNs: sinceNs, fault, spaces.generation)
            }
            return Ground(entry)
        case .belowStack: return .belowStack
        case .nothing:
            noteUnexplained(fault)
            return .nothing
        }
    }

    private mutating func place(of pid: UInt32) -> Int? {
        let slot = Int(pid) % Self.placeCount
        let known = places[slot]
        if known.pid == pid, known.generation == spaces.generation { return Int(known.place) }
        guard let place = spaces.place(of: pid) else { return nil }
        places[slot] = (pid, Int32(place), spaces.generation)
        return place
    }

    /// mremap(2) moves mappings without a word.
    private mutating func noteUnexplained(_ fault: PageFault) {
        guard fault.kind.traits.outcome != .failed, spaces.shouldLook(at: fault.thread.pid, atNs: fault.timeNs) else { return }
        unexplained.append(fault.thread.pid)
    }
}
