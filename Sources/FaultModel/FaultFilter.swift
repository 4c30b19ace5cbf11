/// Which faults a trace wants. Within one property any value may match; all properties must. Empty means: all.
public struct FaultFilter: Equatable, Sendable {
    public var pids: [UInt32] = []
    public var excludedPids: [UInt32] = []
    /// Whether children of `pids`, born after the start, are traced too.
    public var followsChildren = false
    public var uids: [UInt32] = []
    public var excludedUids: [UInt32] = []
    /// Globs over the thread's name: `*`, `?`, `[a-z]`, `[!a-z]`, `\` before a literal.
    public var comms: [String] = []
    public var excludedComms: [String] = []
    public var modes: [FaultMode] = []
    public var accesses: [FaultAccess] = []
    public var present: Bool?
    /// First address wanted, and the first one past the range.
    public var addresses: Range<UInt64>?
    /// Passes one fault in this many, counted on each CPU.
    public var sampleEvery: UInt32 = 1

    public init() {}

    /// The columns without which this filter cannot be applied.
    public var neededColumns: [Column] {
        var needed: [Column] = []
        if !accesses.isEmpty { needed.append(.access) }
        if present != nil { needed.append(.present) }
        return needed
    }
}
