public import TraceModel

/// Faults and the time in them, millisecond by millisecond from a trace's start on.
public struct FaultCourse: Equatable, Sendable {
    /// Some two minutes; what comes later counts in the last one.
    static let limit = 1 << 17
    private static let stepNs: UInt64 = 1_000_000

    /// CLOCK_BOOTTIME: where the first one begins.
    public let startNs: UInt64
    private var milliseconds: [TimedCount] = []

    public init(startNs: UInt64) { self.startNs = startNs }

    @inline(__always)
    mutating func add(_ timeNs: UInt64, latencyNs: UInt64?) {
        let place = Int(min(Self.place(timeNs, from: startNs), UInt64(Self.limit - 1)))
        while milliseconds.count <= place { milliseconds.append(TimedCount()) }
        milliseconds[place].add(latencyNs: latencyNs)
    }

    /// What falls into a range of time, to the millisecond.
    public func sum(_ range: Range<UInt64>) -> TimedCount {
        let (first, end) = (place(range.lowerBound), place(range.upperBound))
        return milliseconds[first..<max(first, end)].reduce(into: TimedCount()) { $0.add($1) }
    }

    /// The time from `fromNs` on in columns of equal length, a round one; to the last fault, or further.
    ///
    /// - Parameters:
    ///   - untilNs: what the columns reach in any case.
    ///   - limit: so many columns at the most.
    public func columns(fromNs: UInt64, untilNs: UInt64 = 0, limit: Int) -> (lengthNs: UInt64, columns: [TimedCount]) {
        let endNs = max(endNs, untilNs)
        let wholeNs = endNs > fromNs ? endNs - fromNs : 0
        let lengthNs = Self.round(wholeNs / UInt64(limit))
        let columns = stride(from: fromNs, to: max(endNs, fromNs), by: Int(lengthNs)).map { sum($0..<$0 + lengthNs) }
        return (lengthNs, columns)
    }

    private var endNs: UInt64 { startNs + UInt64(milliseconds.count) * Self.stepNs }

    /// The millisecond that begins next to this time.
    private func place(_ timeNs: UInt64) -> Int {
        Int(min(Self.place(timeNs.addingOrMax(Self.stepNs / 2), from: startNs), UInt64(milliseconds.count)))
    }

    private static func place(_ timeNs: UInt64, from startNs: UInt64) -> UInt64 { timeNs < startNs ? 0 : (timeNs - startNs) / stepNs }

    /// The next of 1, 2, 5, 10, 20, 50 ms and so on.
    private static func round(_ lengthNs: UInt64) -> UInt64 {
        var unit = stepNs
        while true {
            for length in [unit, unit * 2, unit * 5] where length > lengthNs { return length }
            unit *= 10
        }
    }
}
