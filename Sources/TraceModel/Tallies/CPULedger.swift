public import WireProtocol

/// How long processes have run on CPUs since the trace began.
public struct CPULedger: Sendable {
    private var times: [UInt32: UInt64] = [:]
    /// What of that was told before the session that tells now.
    private var earlier: [UInt32: UInt64] = [:]
    /// Those that the last message told of: their times are of that moment. Of all others the last reading is all that there is.
    private var current: Set<UInt32> = []
    /// When clocks were read last; zero: never.
    public private(set) var readNs: UInt64 = 0

    public init() {}

    public mutating func note(_ news: CPUTimes) {
        readNs = max(readNs, news.timeNs)
        current.removeAll(keepingCapacity: true)
        for process in news.list {
            times[process.pid] = (earlier[process.pid] ?? 0).addingOrMax(process.cpuTimeNs)
            current.insert(process.pid)
        }
    }

    /// The trace was cut: nobody knows how much longer anything ran. Whoever goes on with it tells what ran since then.
    public mutating func breakOff() {
        current.removeAll()
        earlier = times
    }

    /// What the last message told, as if it were told at a time.
    func retold(atNs timeNs: UInt64) -> CPUTimes {
        let list = current.sorted().prefix(Int(UInt16.max)).map { CPUTimes.Process(pid: $0, cpuTimeNs: (times[$0] ?? 0).subtractingOrZero(earlier[$0] ?? 0)) }
        return CPUTimes(timeNs: timeNs, list: list)
    }

    /// nil: nobody has told.
    public func time(of pid: UInt32) -> UInt64? { times[pid] }

    /// Whether the process went away before its clock could be read a last time, so that it ran longer than is known.
    public func isLowerBound(_ pid: UInt32) -> Bool { times[pid] != nil && !current.contains(pid) }

    public var total: UInt64? { times.isEmpty ? nil : times.values.reduce(0) { $0.addingOrMax($1) } }

    public var hasLowerBounds: Bool { times.keys.contains { !current.contains($0) } }

    /// What has been added since an earlier state.
    public func since(_ earlier: CPULedger) -> CPULedger {
        var difference = self
        for (pid, ns) in times { difference.times[pid] = ns.subtractingOrZero(earlier.times[pid] ?? 0) }
        return difference
    }
}
