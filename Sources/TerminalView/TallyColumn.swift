import FaultModel
import TraceModel
import WireProtocol

/// A column of the table of groups.
enum TallyColumn {
    case pid, tid, faults, rate, share, major, failed, read, write, execute, time, each, cpu, cpuShare
    case name(String)

    /// Those that these faults can fill.
    static func columns(_ summary: TallySummary) -> [TallyColumn] {
        let (told, grouping) = (summary.session.columns, summary.grouping)
        var columns: [TallyColumn] = []
        if grouping == .process || grouping == .thread { columns.append(.pid) }
        if grouping == .thread { columns.append(.tid) }
        columns += [.faults, .rate, .share]
        if told.contains(.outcome) { columns += [.major, .failed] }
        if told.contains(.access) { columns += [.read, .write, .execute] }
        if told.contains(.latency) { columns += [.time, .each] }
        if grouping == .process { columns.append(.cpu) }
        if grouping == .process, told.contains(.latency) { columns.append(.cpuShare) }
        return columns + [.name(grouping.isOfProcesses ? "name" : grouping.rawValue)]
    }

    var heading: String {
        switch self {
        case .pid: "pid"
        case .tid: "tid"
        case .faults: "faults"
        case .rate: "rate"
        case .share: "share"
        case .major: "major"
        case .failed: "failed"
        case .read: "read"
        case .write: "write"
        case .execute: "execute"
        case .time: "time in all"
        case .each: "each"
        case .cpu: "CPU time"
        case .cpuShare: "faults' part"
        case .name(let word): word
        }
    }

    func cell(_ group: FaultTally.Group, _ summary: TallySummary) -> String {
        let counts = group.counts
        return switch self {
        case .pid: group.id.pid.map(String.init) ?? "-"
        case .tid: group.id.tid.map(String.init) ?? "-"
        case .faults: Quantity.count(counts.faults)
        case .rate: Quantity.rate(FaultRate.perSecond(counts.faults, overNs: summary.durationNs))
        case .share: Quantity.share(counts.faults, of: summary.tally.total.faults)
        case .major: Quantity.count(counts.major)
        case .failed: Quantity.count(counts.failed)
        case .read: Quantity.count(counts.read)
        case .write: Quantity.count(counts.write)
        case .execute: Quantity.count(counts.execute)
        case .time: Quantity.duration(counts.latencyNs)
        case .each: counts.faults == 0 ? "-" : Quantity.duration(counts.latencyNs / counts.faults)
        case .cpu: group.id.pid.map(summary.cpu.text) ?? "-"
        case .cpuShare: group.id.pid.map { summary.cpu.text(of: $0, spentIn: counts.minorLatencyNs) } ?? "-"
        case .name: group.words(summary.grouping)
        }
    }
}

extension CPULedger {
    /// How long a process ran; with a plus where it went away before its clock could be read a last time.
    func text(of pid: UInt32) -> String {
        guard let ns = time(of: pid) else { return "-" }
        return Quantity.duration(ns) + (isLowerBound(pid) ? "+" : "")
    }

    /// What share of that this time is; unknown where the whole may be more.
    func text(of pid: UInt32, spentIn ns: UInt64) -> String {
        guard let whole = time(of: pid), !isLowerBound(pid) else { return "-" }
        return Quantity.share(ns, of: whole)
    }
}

extension FaultTally.Group {
    fileprivate func words(_ grouping: FaultGrouping) -> String {
        guard let name else { return "-" }
        if grouping == .cause, let cause = FaultCause.allCases.first(where: { $0.name == name }) { return cause.words }
        return SafeText.escaped(Array(name.utf8))
    }
}
