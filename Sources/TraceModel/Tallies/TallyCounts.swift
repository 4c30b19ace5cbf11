import FaultModel

/// What the faults of one group add up to.
public struct TallyCounts: Equatable, Sendable {
    public private(set) var faults: UInt64 = 0
    public private(set) var user: UInt64 = 0
    public private(set) var kernel: UInt64 = 0
    public private(set) var read: UInt64 = 0
    public private(set) var write: UInt64 = 0
    public private(set) var execute: UInt64 = 0
    public private(set) var minor: UInt64 = 0
    public private(set) var major: UInt64 = 0
    public private(set) var failed: UInt64 = 0
    /// In all of them together, as far as their end is known.
    public private(set) var latencyNs: UInt64 = 0
    /// In the minor ones: a major fault sleeps meanwhile and takes no CPU time.
    public private(set) var minorLatencyNs: UInt64 = 0
    public private(set) var histogram = LatencyHistogram()

    public init() {}

    mutating func add(_ count: UInt64, _ traits: FaultTraits, latencyNs: UInt64) {
        faults = faults.addingOrMax(count)
        self.latencyNs = self.latencyNs.addingOrMax(latencyNs)
        switch traits.mode {
        case .user?: user = user.addingOrMax(count)
        case .kernel?: kernel = kernel.addingOrMax(count)
        case nil: break
        }
        add(count, traits.access)
        add(count, traits.outcome, latencyNs)
    }

    mutating func add(histogram slots: [UInt64], times weight: UInt64) { histogram.add(slots, times: weight) }

    mutating func add(histogramOf latencyNs: UInt64, times weight: UInt64) { histogram.add(latencyNs: latencyNs, times: weight) }

    private mutating func add(_ count: UInt64, _ access: FaultAccess?) {
        switch access {
        case .read?: read = read.addingOrMax(count)
        case .write?: write = write.addingOrMax(count)
        case .execute?: execute = execute.addingOrMax(count)
        case nil: break
        }
    }

    private mutating func add(_ count: UInt64, _ outcome: FaultOutcome?, _ latencyNs: UInt64) {
        switch outcome {
        case .minor?:
            minor = minor.addingOrMax(count)
            minorLatencyNs = minorLatencyNs.addingOrMax(latencyNs)
        case .major?: major = major.addingOrMax(count)
        case .failed?: failed = failed.addingOrMax(count)
        case nil: break
        }
    }
}
