/// Which faults a trace wants. Within one property any value may match; all properties must. Empty means: all.
public struct FaultFilter: Equatable, Sendable {
    public var pids: [UInt32] = []
    public var excludedPids: [UInt32] = []
    /// Whether children of `pids`, born after the start, are traced too.
    public var followsChildren = false
    /// Threads, in whatever process.
    public var tids: [UInt32] = []
    /// Android packages, whose users are looked up on the device.
    public var packages: [String] = []
    public var uids: [UInt32] = []
    public var excludedUids: [UInt32] = []
    /// Globs over the thread's name: `*`, `?`, `[a-z]`, `[!a-z]`, `\` before a literal.
    public var comms: [String] = []
    public var excludedComms: [String] = []
    public var modes: [FaultMode] = []
    public var accesses: [FaultAccess] = []
    public var present: Bool?
    public var outcomes: [FaultOutcome] = []
    /// Only faults that took at least as long; zero: any.
    public var minimumLatencyNs: UInt64 = 0
    /// First address wanted, and the first one past the range.
    public var addresses: Range<UInt64>?
    /// Passes one fault in this many, counted on each CPU.
    public var sampleEvery: UInt32 = 1
    /// Passes at most so many faults a second on each CPU, and counts the others; zero: all.
    public var rateLimit: UInt32 = 0

    public init() {}

    /// The columns without which this filter cannot be applied.
    public var neededColumns: [Column] {
        var needed: [Column] = []
        if !accesses.isEmpty { needed.append(.access) }
        if present != nil { needed.append(.present) }
        if !outcomes.isEmpty { needed.append(.outcome) }
        if minimumLatencyNs > 0 { needed.append(.latency) }
        return needed
    }
}
