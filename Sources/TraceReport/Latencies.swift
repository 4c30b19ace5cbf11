import Histogram

/// How long faults took: to two digits, and of the longest exactly.
public struct Latencies: Sendable {
    /// Longer ones count as this long: some 73 minutes.
    private static let limitNs: UInt64 = 1 << 42

    private var histogram: Histogram<UInt32>
    /// Of the longest, in nanoseconds, exactly.
    public private(set) var longestNs: UInt64 = 0

    public init() { histogram = Histogram(numberOfSignificantValueDigits: .two) }

    @inline(__always)
    mutating func add(_ ns: UInt64) {
        let told = min(ns, Self.limitNs)
        histogram.record(told)
        longestNs = max(longestNs, told)
    }

    mutating func add(_ other: Latencies) {
        histogram.add(other.histogram)
        longestNs = max(longestNs, other.longestNs)
    }

    /// Faults whose latency is known.
    public var count: UInt64 { histogram.totalCount }

    /// The shortest latency that so many percent of the faults do not exceed, in nanoseconds.
    public func percentile(_ percent: Double) -> UInt64 { count == 0 ? 0 : min(histogram.valueAtPercentile(percent), longestNs) }
}
