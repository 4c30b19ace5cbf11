/// For each row of a table how many faults there were over the whole trace, in so many steps at the most: when the trace has grown
/// beyond them, two become one.
struct ActivityCourse: Sendable {
    private static let finestNs: UInt64 = 1_000_000

    /// Steps of a row. Once the trace is longer than they are at their finest, more than half of them are used.
    let depth: Int
    private var stepNs = finestNs
    private var faults: [UInt64] = []

    init(depth: Int) { self.depth = depth }

    mutating func addRow() { faults += repeatElement(0, count: depth) }

    /// - Parameter timeNs: since the trace began.
    @inline(__always)
    mutating func add(_ count: UInt64, to row: Int, atNs timeNs: UInt64) {
        while timeNs / stepNs >= UInt64(depth) { halve() }
        faults[row * depth + Int(timeNs / stepNs)] &+= count
    }

    private mutating func halve() {
        let old = faults
        faults = [UInt64](repeating: 0, count: old.count)
        for place in old.indices { faults[place / depth * depth + place % depth / 2] &+= old[place] }
        stepNs *= 2
    }

    /// Keeps only these rows, which move together in the order that they have here.
    mutating func keep(_ rows: [Int]) { faults = rows.flatMap { faults[$0 * depth..<($0 + 1) * depth] } }

    /// The whole trace in so many columns, or in fewer where nothing finer is known.
    ///
    /// - Parameter untilNs: when it ended.
    func curve(of row: Int, columns: Int, untilNs: UInt64) -> ActivityCurve {
        let used = Int(min(untilNs / stepNs, UInt64(depth - 1))) + 1
        let count = min(columns, used)
        guard count > 0 else { return ActivityCurve(values: [], stepNs: stepNs) }
        let values = Self.spread(faults[row * depth..<row * depth + used], over: count)
        return ActivityCurve(values: values, stepNs: UInt64(Double(stepNs) * Double(used) / Double(count)))
    }

    /// A step that two columns share goes to each by its part, so that no column stands out for having one step more.
    private static func spread(_ steps: ArraySlice<UInt64>, over count: Int) -> [UInt64] {
        var values = [Double](repeating: 0, count: count)
        let width = Double(count) / Double(steps.count)
        for (place, step) in steps.enumerated() where step > 0 {
            let (from, until) = (Double(place) * width, Double(place + 1) * width)
            let first = min(Int(from), count - 1)
            let part = min(until, Double(first + 1)) - from
            values[first] += Double(step) * part / width
            if part < width, first + 1 < count { values[first + 1] += Double(step) * (1 - part / width) }
        }
        return values.map { UInt64(min($0.rounded(.up), 1e18)) }
    }
}

/// Faults in each of some equal steps of time, the latest last.
public struct ActivityCurve: Equatable, Sendable {
    public let values: [UInt64]
    public let stepNs: UInt64

    /// Faults a second where there are most.
    public var peak: Double { Double(values.max() ?? 0) * 1e9 / Double(max(stepNs, 1)) }
}
