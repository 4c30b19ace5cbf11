public import FaultModel

/// The stacks that faults bear, each address with its place in the memory of the process that it was seen in.
public struct StackStore: Sendable {
    /// One frame, the leaf first.
    public struct Frame: BitwiseCopyable, Equatable, Sendable {
        public let address: UInt64
        public let place: MemoryPlace
    }

    public init() {}
}
