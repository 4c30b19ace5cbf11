public import FaultModel

/// Counters that only grow, by names that are few: for monitoring.
///
/// The first names have a series each. Later ones are counted together until one has had enough faults for a series of its own, and from then on;
/// so that every series only grows and their sum is right.
public struct MetricCounters: Sendable {
    /// Series by name at the most, beside that of all others.
    public static let seriesLimit = 100
    /// What all later names are counted under.
    public static let othersName = "other"
    /// Names that have a series from their first fault on.
    private static let firstNames = 40
    /// Faults that a later name must have had.
    private static let promotion: UInt64 = 4096
    /// How many faults of a process go by until its name is looked at.
    private static let portion: UInt64 = 256
    private static let candidateLimit = 4096

    /// The counts of one name, by cause and outcome.
    public struct Series: Sendable {
        /// A package, or else a process's name; `othersName` for all others.
        public let name: String
        fileprivate var events = [UInt64](repeating: 0, count: 64)

        /// - Parameter cause: nil: not known.
        public func events(_ cause: FaultCause?, _ outcome: FaultOutcome?) -> UInt64 {
            events[Self.place(cause: Int(cause?.rawValue ?? 0), outcome: Int(outcome?.rawValue ?? 0))]
        }

        @inline(__always)
        fileprivate static func place(cause: Int, outcome: Int) -> Int { (cause & 15) << 2 | outcome }
    }

    public private(set) var series = [Series(name: othersName)]
    /// By cause, sixteen, and in each by step of latency.
    private var latencies = [UInt64](repeating: 0, count: 16 * LatencyStep.count)
    private var latencySums = [UInt64](repeating: 0, count: 16)
    /// By name; that of all others may be a process's, too.
    private var numbers = [othersName: 0]
    private var candidates: [String: UInt64] = [:]
    /// By process's place: its series, and its faults since its name was last looked at.
    private var processes: [(series: Int, events: UInt64)] = []

    /// Faults by step of latency, and the sum of it in nanoseconds; an unknown latency is in neither.
    public func latency(_ cause: FaultCause?) -> (steps: ArraySlice<UInt64>, sumNs: UInt64) {
        let place = Int(cause?.rawValue ?? 0)
        return (latencies[place * LatencyStep.count..<(place + 1) * LatencyStep.count], latencySums[place])
    }

    /// A process has come, or has another name.
    mutating func name(_ process: Int, _ name: String) {
        guard process != CellKey.others else { return }
        while processes.count <= process { processes.append((0, 0)) }
        processes[process].series = numbers[name] ?? (series.count <= Self.firstNames ? append(name) : 0)
    }

    /// Counts a fault.
    ///
    /// - Returns: whether the process's name shall be looked at again, by `consider`.
    @inline(__always)
    mutating func add(_ kind: CellKey.Kind, process: Int, latencyNs: UInt64?) -> Bool {
        let number = process == CellKey.others ? 0 : processes[process].series
        series[number].events[Series.place(cause: kind.cause, outcome: Int(kind.bits >> 6) & 3)] &+= 1
        if let latencyNs {
            latencies[kind.cause * LatencyStep.count + LatencyStep.of(latencyNs)] &+= 1
            latencySums[kind.cause] &+= latencyNs
        }
        guard number == 0, process != CellKey.others else { return false }
        processes[process].events += 1
        return processes[process].events >= Self.portion
    }

    /// A process without a series has had some more faults: its name may deserve one.
    mutating func consider(_ process: Int, _ name: String) {
        let events = processes[process].events
        processes[process].events = 0
        if let known = numbers[name] { return processes[process].series = known }
        guard series.count <= Self.seriesLimit, candidates[name] != nil || candidates.count < Self.candidateLimit else { return }
        candidates[name, default: 0] += events
        guard candidates[name]! >= Self.promotion else { return }
        candidates[name] = nil
        processes[process].series = append(name)
    }

    private mutating func append(_ name: String) -> Int {
        numbers[name] = series.count
        series.append(Series(name: name))
        return series.count - 1
    }
}
