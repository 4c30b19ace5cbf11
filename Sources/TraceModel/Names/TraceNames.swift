public import FaultModel

/// What the numbers in a trace's faults stand for.
public struct TraceNames: Sendable {
    /// By `MemoryPlace.name`; the first stands for nothing.
    public internal(set) var mappings: [String] = [""]
    /// By `PageFault.process`; the first stands for a process that nobody has told of.
    public internal(set) var processes: [TracedProcess] = [TracedProcess()]
    public internal(set) var symbols = SymbolStore()
    public internal(set) var stacks = StackStore()

    public init() {}

    /// The name of the mapping in which a place is; nil: there is none, or none that is known.
    public func mapping(_ place: MemoryPlace) -> String? { place.name == 0 ? nil : mappings[Int(place.name)] }

    public func process(_ fault: PageFault) -> TracedProcess? { fault.process == 0 ? nil : processes[Int(fault.process)] }

    /// The function in which a place is; nil: it has no name, or nobody has told it yet.
    public func symbol(_ place: MemoryPlace) -> SymbolStore.Found? { symbols.find(place) }
}
