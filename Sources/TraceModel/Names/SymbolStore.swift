public import FaultModel

/// The functions of files, as far as the agent has told them.
public struct SymbolStore: Sendable {
    /// A function and how far into it a place is.
    public struct Found: Equatable, Sendable {
        /// Demangled.
        public let name: String
        public let offset: UInt64

        /// `name+0x1c`.
        public var text: String { name + "+0x" + String(offset, radix: 16) }
    }

    public init() {}

    public func find(_ place: MemoryPlace) -> Found? { nil }
}
