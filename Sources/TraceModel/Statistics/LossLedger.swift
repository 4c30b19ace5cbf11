public import WireProtocol

/// The gaps in a trace. The first `gapLimit` are kept one by one, all of them are counted.
public struct LossLedger: Equatable, Sendable {
    /// How many gaps are kept; a trace that loses all the time must not fill the memory.
    public static let gapLimit = 1024

    /// The first gaps, in the order of their coming.
    public private(set) var gaps: [Lost] = []
    /// How many gaps there were, kept or not.
    public private(set) var gapCount: UInt64 = 0
    /// Faults lost in all of them.
    public private(set) var total: UInt64 = 0

    public init() {}

    public mutating func add(_ gap: Lost) {
        gapCount += 1
        total &+= gap.count
        if gaps.count < Self.gapLimit { gaps.append(gap) }
    }
}
