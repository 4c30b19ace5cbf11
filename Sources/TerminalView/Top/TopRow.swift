import FaultModel
import LiveModel
import TraceModel

/// A row of the table.
public struct TopRow: Sendable {
    public let id: TopRowID
    /// The process that it is or belongs to; nil: it stands for several.
    public internal(set) var pid: UInt32?
    var tid: UInt32?
    /// As it was told; it is made safe where it is shown.
    var name: String
    var region = ""
    var counts: ActivityCounts
    var rate: ActivityRate
    /// CPU time per second: now, or of a trace that is over all the time.
    var cpu: Double?
    /// It is more than that, nobody knows by how much.
    var cpuIsLowerBound = false
    /// The share of its CPU time that minor faults took, from the trace's beginning to the last reading of its clock.
    var cpuShare: Double?
    /// It is over.
    var isEnded = false

    init(id: TopRowID, pid: UInt32? = nil, tid: UInt32? = nil, name: String, counts: ActivityCounts, rate: ActivityRate) {
        (self.id, self.pid, self.tid, self.name) = (id, pid, tid, name)
        (self.counts, self.rate) = (counts, rate)
    }

    fileprivate init(of id: TopRowID, _ counts: ActivityCounts, _ rate: ActivityRate) {
        let (name, region) = switch id {
        case .named(let name): (name, "")
        case .memory(let name, let region): (name, region.name)
        case .process, .thread, .stack: ("", "")
        }
        self.init(id: id, name: name, counts: counts, rate: rate)
        self.region = region
    }

    /// What ended before its clock was read at all has none to tell of.
    fileprivate mutating func addWholeCPU(_ summary: TraceSummary) {
        guard let pid, let share = summary.cpuShare(of: pid) else { return }
        cpuIsLowerBound = summary.cpu.isLowerBound(pid)
        if share > 0 || !cpuIsLowerBound { cpu = share }
    }

    fileprivate mutating func add(_ counts: ActivityCounts, _ rate: ActivityRate) {
        self.counts.add(counts)
        self.rate.add(rate)
    }
}

/// The rows of a pane.
struct TopRows {
    /// Stacks that are shown: to put all of them into words would take too long.
    private static let stackLimit = 500

    let data: TopData
    let state: TopState

    /// Those that the filter lets through, sorted.
    var rows: [TopRow] {
        let wanted = state.filter.lowercased()
        let found = wanted.isEmpty ? unfiltered : unfiltered.filter { $0.matches(wanted) }
        return found.sorted { $0.precedes($1, state.order) }
    }

    private var unfiltered: [TopRow] {
        switch state.pane {
        case .processes: data.activity.processes.map(row)
        case .threads: data.activity.threads(of: state.process).map(row)
        case .files: summed(data.activity.mappings(of: state.process)) { .memory(data.summary.names.mapping($0.place) ?? Self.unknown, $0.region) }
        case .regions: summed(data.activity.mappings(of: state.process)) { .named($0.region == .unknown ? Self.unknown : $0.region.name) }
        case .causes: summed(data.activity.causes(of: state.process)) { .named($0.cause?.words ?? Self.unknown) }
        case .latency: []
        case .stacks: stacks
        }
    }

    /// Where nothing is known.
    private static let unknown = "(not known)"

    private func row(_ process: ProcessActivity) -> TopRow {
        let told = data.summary.names.process(process.number, pid: process.pid)
        var row = TopRow(
            id: .process(process.pid), pid: process.pid, name: name(told, process.comm), counts: process.counts, rate: process.rate)
        row.isEnded = told?.endedNs != nil
        row.cpu = row.isEnded ? nil : data.activity.load.share(of: process.pid)
        if data.isEnded { row.addWholeCPU(data.summary) }
        if let cpuNs = data.summary.cpu.time(of: process.pid), cpuNs > 0 {
            // A fault's time is a clock's on the wall, and has what the CPU did for others meanwhile.
            row.cpuShare = min(Double(process.minorTimeReadNs) / Double(cpuNs), 1)
        }
        return row
    }

    private func name(_ process: TracedProcess?, _ comm: ThreadName) -> String {
        let name = process?.name ?? ""
        return name.isEmpty ? comm.text : name
    }

    private func row(_ thread: ActivityGroup<ThreadID>) -> TopRow {
        let name = data.activity.name(ofThread: thread.key.tid)?.text ?? ""
        return TopRow(
            id: .thread(thread.key.tid, of: thread.key.pid), pid: thread.key.pid, tid: thread.key.tid, name: name,
            counts: thread.counts, rate: thread.rate)
    }

    /// Groups of several processes, or of several kinds, that are one to the user.
    private func summed<Key>(_ groups: [ActivityGroup<Key>], id: (Key) -> TopRowID) -> [TopRow] {
        var rows: [TopRow] = []
        var places: [TopRowID: Int] = [:]
        for group in groups {
            let id = id(group.key)
            if let place = places[id] {
                rows[place].add(group.counts, group.rate)
            } else {
                places[id] = rows.count
                rows.append(TopRow(of: id, group.counts, group.rate))
            }
        }
        return rows
    }

    private var stacks: [TopRow] {
        let most = data.activity.stacks(of: state.process).sorted { $0.counts.faults > $1.counts.faults }.prefix(Self.stackLimit)
        return most.map { group in
            let text = StackLine(data.summary.names, group.key.number).text
            return TopRow(id: .stack(group.key.number), pid: group.key.pid, name: text, counts: group.counts, rate: group.rate)
        }
    }
}

// MARK: - Order

extension TopRow {
    /// - Parameter text: in lower case.
    fileprivate func matches(_ text: String) -> Bool {
        if name.lowercased().contains(text) || region.contains(text) { return true }
        return pid.map { String($0) == text } ?? false || tid.map { String($0) == text } ?? false
    }

    /// Rows that are equal go by what they came to, then by name, so that they do not jump.
    fileprivate func precedes(_ other: TopRow, _ order: TopOrder) -> Bool {
        let isAscending = order.column.isAscendingFirst != order.isReversed
        if order.column == .name || order.column == .region {
            let (own, others) = order.column == .name ? (name, other.name) : (region, other.region)
            if own != others { return isAscending ? own < others : own > others }
        } else {
            let (own, others) = (value(order.column), other.value(order.column))
            if own != others { return isAscending ? own < others : own > others }
        }
        if counts.faults != other.counts.faults { return counts.faults > other.counts.faults }
        return (name, pid ?? 0, tid ?? 0) < (other.name, other.pid ?? 0, other.tid ?? 0)
    }

    private func value(_ column: TopColumn) -> Double {
        switch column {
        case .pid: Double(pid ?? 0)
        case .tid: Double(tid ?? 0)
        case .rate: rate.faults
        case .major: rate.major
        case .time: rate.timeNs
        case .cpu: cpu ?? -1
        case .cpuShare: cpuShare ?? -1
        case .total, .share: Double(counts.faults)
        case .totalMajor: Double(counts.major)
        case .totalTime: Double(counts.timeNs)
        case .each: Double(counts.eachNs ?? 0)
        case .trend, .region, .name: 0
        }
    }
}
