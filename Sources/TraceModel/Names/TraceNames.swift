public import FaultModel

/// What the numbers in a trace's faults stand for.
public struct TraceNames: Sendable {
    /// By `MemoryPlace.name`; the first stands for nothing.
    public private(set) var mappings = NameTable.first.map(\.name)
    private(set) var identities = NameTable.first.map(\.identity)
    /// By `PageFault.process`; the first stands for a process that nobody has told of.
    public internal(set) var processes: [TracedProcess] = [TracedProcess()]
    public internal(set) var symbols = SymbolStore()
    public internal(set) var stacks = StackStore()

    public init() {}

    mutating func append(_ files: ArraySlice<MappedFile>) {
        mappings += files.map(\.name)
        identities += files.map(\.identity)
    }

    /// What a mapping's number stands for.
    public func file(_ number: UInt32) -> MappedFile { MappedFile(name: mappings[Int(number)], identity: identities[Int(number)]) }

    /// The name of the mapping in which a place is; nil: there is none, or none that is known.
    public func mapping(_ place: MemoryPlace) -> String? { place.name == 0 ? nil : mappings[Int(place.name)] }

    public func process(_ fault: PageFault) -> TracedProcess? { process(fault.process, pid: fault.thread.pid) }

    /// What a fault's process is called: the thread's own name where nobody has told of the process.
    public func processName(_ key: ThreadKey) -> String {
        let name = process(key.process, pid: key.thread.pid)?.name ?? ""
        return name.isEmpty ? key.thread.comm.text : name
    }

    /// A process by its number; nil where that is another's by now, for the numbers of the dead are used again.
    public func process(_ number: UInt32, pid: UInt32) -> TracedProcess? {
        guard number > 0, Int(number) < processes.count, processes[Int(number)].pid == pid else { return nil }
        return processes[Int(number)]
    }

    /// The function in which a place is; nil: it has no name, or nobody has told it yet.
    public func symbol(_ place: MemoryPlace) -> SymbolStore.Found? { symbols.find(place) }
}
