public import FaultModel

/// What to record, and how.
public struct ProbeRequest {
    public var source: FaultSource
    /// nil: the ring buffer where the kernel has it.
    public var transport: Transport?
    /// Whether each fault is followed to its end.
    public var wantsOutcome: Bool
    /// Which stacks each record is to bear.
    public var stacks: StackKinds
    /// Bytes for all CPUs together; rounded up to what the kernel takes.
    public var bufferSize: UInt64
    public var filter: FaultFilter
    /// Processes that never are of interest: the agent, its symboliser and the local controller; zero for none.
    public var ownPids: (UInt32, UInt32, UInt32)
    /// The process whose future children, and theirs, are wanted, and nothing else.
    public var followedParent: UInt32?
    /// Counts faults in the kernel by this instead of recording them, where there is BPF; nil, and for places: records them.
    public var tally: TallyKey?

    /// Why outcome, latency and cause are missing where nobody asked for them; nil: somebody did.
    var endLeftOut: String? { wantsOutcome ? nil : "left out, as asked" }

    /// What the kernel can count by: it does not know mappings.
    var kernelTally: TallyKey? { tally == .place ? nil : tally }

    /// Whether some process's children are wanted.
    var followsProcesses: Bool { (filter.followsChildren && !filter.pids.isEmpty) || followedParent != nil }

    public static let defaultBufferSize: UInt64 = 4 << 20

    public init(
        source: FaultSource, transport: Transport? = nil, wantsOutcome: Bool = true, stacks: StackKinds = [],
        bufferSize: UInt64 = Self.defaultBufferSize, filter: FaultFilter = FaultFilter(),
        ownPids: (UInt32, UInt32, UInt32) = (0, 0, 0), followedParent: UInt32? = nil, tally: TallyKey? = nil
    ) {
        self.source = source
        self.transport = transport
        self.wantsOutcome = wantsOutcome
        self.stacks = stacks
        self.bufferSize = bufferSize
        self.filter = filter
        self.ownPids = ownPids
        self.followedParent = followedParent
        self.tally = tally
    }
}
