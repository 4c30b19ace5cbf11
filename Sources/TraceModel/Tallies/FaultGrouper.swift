public import FaultModel
public import WireProtocol

/// Tells to which group a fault belongs, by what has been told of processes and their memory.
public struct FaultGrouper: Sendable {
    public typealias Membership = (id: FaultGroupID, name: String?)

    private let grouping: FaultGrouping
    private var causes: CauseFinder
    private var processes: [UInt32: ProcessFacts] = [:]
    private static let processLimit = 1 << 17

    public init(_ grouping: FaultGrouping, kernel: KernelVersion?) {
        self.grouping = grouping
        causes = CauseFinder(kernel)
    }

    /// Keeps what a message says about a process or its memory; other messages are nothing to it.
    public mutating func note(_ message: AgentMessage) {
        if case .process(let facts) = message {
            if processes.count < Self.processLimit || processes[facts.pid] != nil { processes[facts.pid] = facts }
        } else if grouping.key == .place {
            causes.note(message)
        }
    }

    /// Sets what the grouping asks of these faults.
    public mutating func explain(_ faults: inout [PageFault]) {
        if grouping.key == .place { causes.explain(&faults) }
    }

    /// The processes of which nothing was known where a fault fell, since the last call: to ask the agent for.
    public mutating func takeUnexplained() -> [UInt32] { causes.takeUnexplained() }

    // MARK: Groups

    public func group(of row: Tally.Row) -> Membership { group(pid: row.pid, tid: row.tid, comm: row.comm) }

    /// The fault has been explained.
    public func group(of fault: PageFault) -> Membership {
        switch grouping {
        case .process, .thread, .package:
            return group(pid: fault.thread.pid, tid: fault.thread.tid, comm: fault.thread.comm.text)
        case .cause: return named(fault.cause?.name)
        case .region: return named(fault.place.region == .unknown ? nil : "\(fault.place.region)")
        case .mapping: return named(mapping(of: fault))
        }
    }

    private func group(pid: UInt32, tid: UInt32, comm: String) -> Membership {
        switch grouping {
        case .thread: return (.thread(tid, of: pid), comm)
        case .package: return named(package(of: pid) ?? comm)
        default: return (.process(pid), processes[pid]?.name ?? comm)
        }
    }

    private func named(_ name: String?) -> Membership { (.named(name), name) }

    private func package(of pid: UInt32) -> String? {
        guard let facts = processes[pid] else { return nil }
        return facts.package.isEmpty ? facts.name : facts.package
    }

    private func mapping(of fault: PageFault) -> String? {
        if fault.address >> 63 == 1 { return "[kernel]" }
        switch causes.spaces.find(fault.address, of: fault.thread.pid, atNs: fault.timeNs) {
        case .mapping(let found): return found.name.isEmpty ? "[\(found.kind.words)]" : found.name
        case .belowStack: return "[stack]"
        case .nothing, .unknown: return nil
        }
    }
}

extension MappingKind {
    /// For a mapping without a name.
    fileprivate var words: String {
        switch self {
        case .anonymous: "anon"
        case .filePrivate, .fileShared: "file"
        case .sharedMemory, .sharedMemoryPrivate: "shared memory"
        case .stack: "stack"
        case .special: "special"
        }
    }
}
