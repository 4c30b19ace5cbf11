public import FaultModel
public import WireProtocol

/// Tells to which group a fault belongs, by what has been told of processes and their memory.
public struct FaultGrouper: Sendable {
    public typealias Membership = (id: FaultGroupID, name: String?)

    private let grouping: FaultGrouping
    private var causes: CauseFinder
    private var names = TraceNames()

    public init(_ grouping: FaultGrouping, kernel: KernelVersion?) {
        self.grouping = grouping
        causes = CauseFinder(kernel)
    }

    /// Keeps what a message says about a process or its memory; other messages are nothing to it.
    public mutating func note(_ message: AgentMessage) { causes.note(message) }

    /// Puts what has been noted into effect, for the rows that come next.
    public mutating func settle() { causes.settle(&names) }

    /// Sets what the grouping asks of these faults.
    public mutating func explain(_ faults: inout [PageFault]) { causes.explain(&faults, &names) }

    /// The processes of which nothing was known where a fault fell, since the last call: to ask the agent for.
    public mutating func takeUnexplained() -> [UInt32] { causes.takeUnexplained() }

    // MARK: Groups

    /// A row bears the name that its thread had when the row was opened. Of main threads we are told when they take another.
    public func group(of row: Tally.Row) -> Membership {
        let told = grouping == .thread && row.tid == row.pid ? causes.mainThreadName(row.pid) : nil
        return group(pid: row.pid, tid: row.tid, comm: told ?? row.comm)
    }

    /// The fault has been explained.
    public func group(of fault: PageFault) -> Membership {
        switch grouping {
        case .process, .thread, .package:
            return group(pid: fault.thread.pid, tid: fault.thread.tid, comm: fault.thread.comm.text)
        case .cause: return named(fault.cause?.name)
        case .region: return named(fault.place.region == .unknown ? nil : fault.place.region.name)
        case .mapping: return named(names.mapping(fault.place))
        }
    }

    /// Through perf's own rings the name of a thread that has soon ended is empty: nobody was left to ask.
    private func group(pid: UInt32, tid: UInt32, comm: String) -> Membership {
        let comm = comm.isEmpty ? nil : comm
        switch grouping {
        case .thread: return (.thread(tid, of: pid), comm)
        case .package: return named(package(of: pid) ?? comm)
        default: return (.process(pid), known(pid)?.name ?? comm)
        }
    }

    private func named(_ name: String?) -> Membership { (.named(name), name) }

    private func package(of pid: UInt32) -> String? {
        known(pid).map { $0.package.isEmpty ? $0.name : $0.package }
    }

    /// nil: nobody has told of it, or nothing but that it was born.
    private func known(_ pid: UInt32) -> TracedProcess? {
        causes.process(pid, names).flatMap { $0.name.isEmpty ? nil : $0 }
    }
}
