import WireProtocol

/// How busy CPUs are with each process, from one reading of its clock to the next.
public struct CPULoad: Sendable {
    private var times: [UInt32: UInt64] = [:]
    private var shares: [UInt32: Double] = [:]
    /// When the clocks were read last, and how long after the time before that.
    private var readNs: UInt64 = 0
    private var elapsedNs: UInt64 = 0

    public init() {}

    /// One reading may come in several messages of the same time.
    mutating func note(_ news: CPUTimes) {
        if news.timeNs != readNs { begin(atNs: news.timeNs) }
        for process in news.list {
            if elapsedNs > 0, let before = times[process.pid], process.cpuTimeNs >= before {
                shares[process.pid] = Double(process.cpuTimeNs - before) / Double(elapsedNs)
            }
            times[process.pid] = process.cpuTimeNs
        }
        if times.count > 4 * TraceActivity.processLimit { times.removeAll() }
    }

    /// What its clock showed last; nil: not known.
    func time(of pid: UInt32) -> UInt64? { times[pid] }

    private mutating func begin(atNs timeNs: UInt64) {
        elapsedNs = timeNs > readNs && readNs > 0 ? timeNs - readNs : 0
        readNs = timeNs
        shares.removeAll(keepingCapacity: true)
    }

    /// CPU time per second: 1 is one CPU, all the time. nil: not known, or it has ended.
    public func share(of pid: UInt32) -> Double? { shares[pid] }
}
