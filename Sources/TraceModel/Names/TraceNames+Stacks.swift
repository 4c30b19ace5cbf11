public import FaultModel
public import WireProtocol

extension TraceNames {
    public mutating func note(_ stack: StackTrace) { stacks.note(stack) }

    /// Gives faults stacks that can be found here. All news that precede the faults must have come.
    ///
    /// - Parameter causes: knows what stands at addresses, and has explained these faults; nil: nobody does.
    public mutating func addStacks(to faults: inout [PageFault], _ causes: CauseFinder?) {
        guard faults.contains(where: { $0.stacks != FaultStacks() }) else { return }
        for place in faults.indices where faults[place].stacks != FaultStacks() {
            let (pid, timeNs) = (faults[place].thread.pid, faults[place].timeNs)
            stacks.number(&faults[place], generation: causes?.spaces.generation ?? 0) {
                causes?.place(of: $0, in: pid, atNs: timeNs) ?? .unknown
            }
        }
    }

    /// The function of a frame; nil: it has no name, or nobody has told it yet.
    public func symbol(_ frame: StackStore.Frame) -> SymbolStore.Found? {
        guard let found = symbol(frame.code), frame.isReturn else { return symbol(frame.code) }
        return SymbolStore.Found(name: found.name, offset: found.offset + 1)
    }
}
