public import FaultModel

/// What a viewer looks at.
public struct LiveQuery: Hashable, Sendable {
    /// The process by its place; nil: all.
    public var process: Int?
    /// Only these; empty: all. nil among them stands for what is not known.
    public var causes: Set<FaultCause?> = []
    public var accesses: Set<FaultAccess?> = []
    public var modes: Set<FaultMode?> = []
    public var outcomes: Set<FaultOutcome?> = []
    /// Only what happened so long before now, in nanoseconds; nil: all.
    public var lastNs: UInt64?
    /// Only what happened then, in nanoseconds since the trace began; nil: all.
    public var range: Range<UInt64>?

    /// Steps of time in an answer at the most.
    public static let columnLimit = 240

    public init() {}

    /// By kind, whether it is wanted.
    var passes: [Bool] {
        (0..<CellKey.Kind.count).map { bits in
            let kind = CellKey.Kind(bits: UInt16(bits))
            return (causes.isEmpty || causes.contains(FaultCause(rawValue: UInt8(kind.cause))))
                && (accesses.isEmpty || accesses.contains(kind.traits.access))
                && (modes.isEmpty || modes.contains(kind.traits.mode))
                && (outcomes.isEmpty || outcomes.contains(kind.traits.outcome))
        }
    }
}
