import Histogram

/// How long faults took, to two digits.
public struct Latencies: Sendable {
    /// Longer ones count as this long: some 73 minutes.
    private static let longestNs: UInt64 = 1 << 42

    private var histogram: Histogram<UInt32>

    public init() { histogram = Histogram(numberOfSignificantValueDigits: .two) }

    @inline(__always)
    mutating func add(_ ns: UInt64) { histogram.record(min(ns, Self.longestNs)) }

    mutating func add(_ other: Latencies) { histogram.add(other.histogram) }

    /// Faults whose latency is known.
    public var count: UInt64 { histogram.totalCount }

    /// The shortest latency that so many percent of the faults do not exceed, in nanoseconds.
    public func percentile(_ percent: Double) -> UInt64 { count == 0 ? 0 : histogram.valueAtPercentile(percent) }

    /// Of the longest, in nanoseconds.
    public var longestNs: UInt64 { count == 0 ? 0 : histogram.max }
}
