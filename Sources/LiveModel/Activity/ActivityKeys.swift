public import FaultModel

/// A thread of a process.
public struct ThreadID: BitwiseCopyable, Hashable, Sendable {
    public let pid: UInt32
    public let tid: UInt32
}

/// A process's memory under one name and for one use.
public struct MappingID: BitwiseCopyable, Hashable, Sendable {
    public let pid: UInt32
    /// The mapping's name, by its number among the trace's names; zero: nothing is known to be there.
    public let name: UInt32
    public let region: MemoryRegion

    /// The place that has this name.
    public var place: MemoryPlace { MemoryPlace(name: name, region: region) }
}

/// The faults of a process for one cause; nil: not known.
public struct CauseID: BitwiseCopyable, Hashable, Sendable {
    public let pid: UInt32
    public let cause: FaultCause?
}

/// The faults of a process with one stack of user space, by its number among the trace's names.
public struct StackID: BitwiseCopyable, Hashable, Sendable {
    public let pid: UInt32
    public let number: UInt32
}
