public import FaultModel
public import TraceModel
public import WireProtocol

/// Adds a trace up to a report. The order of its faults is nothing to it.
public struct ReportBuilder: EventSink {
    /// Pages and files that a report names.
    public static let placesShown = 20
    /// Faults that stay in the processor's nearer caches while every table takes them.
    private static let stretch = 256

    private var table: GroupTable
    private let joinsProcesses: Bool
    private let order: ReportOrder
    private let done: @Sendable (TraceReport) -> Void
    private var outcomes = OutcomeTable()
    private var files = FileTable()
    private var pages = PageTable(pageSize: 4096)
    private var timeline = Timeline(startNs: 0)

    /// - Parameters:
    ///   - order: of groups and files.
    ///   - joinsProcesses: whether processes of one name are one group, and threads, for a comparison with another run.
    ///   - done: takes the report when the trace has ended.
    public init(
        by grouping: ReportGrouping, order: ReportOrder = .faults, joinsProcesses: Bool = false, done: @escaping @Sendable (TraceReport) -> Void
    ) {
        table = GroupTable(grouping)
        self.order = order
        self.joinsProcesses = joinsProcesses
        self.done = done
    }

    public mutating func begin(_ session: TraceSession) {
        pages = PageTable(pageSize: session.report.kernel.pageSize)
        timeline = Timeline(startNs: session.startNs)
    }

    public mutating func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) {
        pages.learn(names)
        files.learn(names)
        faults.withUnsafeBufferPointer { faults in
            for start in stride(from: 0, to: faults.count, by: Self.stretch) {
                add(UnsafeBufferPointer(rebasing: faults[start..<min(start + Self.stretch, faults.count)]), names)
            }
        }
    }

    /// Adds them to one table after the other: what a look-up waits for is memory, and in a short loop the processor has many under way.
    private mutating func add(_ faults: UnsafeBufferPointer<PageFault>, _ names: TraceNames) {
        table.add(faults, names)
        outcomes.add(faults)
        files.add(faults)
        pages.add(faults)
        timeline.add(faults)
    }

    public mutating func lost(_ gap: Lost) {}

    public mutating func finish(_ summary: TraceSummary) { done(report(summary)) }

    /// What all faults come to.
    func report(_ summary: TraceSummary) -> TraceReport {
        let top = pages.top(Self.placesShown, summary.names)
        return TraceReport(
            summary: summary, grouping: table.grouping, order: order, groups: groups(summary.names), others: table.others,
            outcomes: outcomes.known,
            files: files.top(Self.placesShown, order, summary.names), pages: top.pages, pageError: top.error, timeline: timeline)
    }

    private struct Identity: Hashable {
        var name: String?
        var pid: UInt32?
        var tid: UInt32?
    }

    /// Groups that go by the same name are one, and so are those of a process that has taken another name, which is told by its last.
    private func groups(_ names: TraceNames) -> [TraceReport.Group] {
        let namer = GroupNames(grouping: table.grouping, names: names)
        var places: [Identity: Int] = [:]
        var groups: [TraceReport.Group] = []
        for group in table.groups.sorted(by: { $0.sample.timeNs < $1.sample.timeNs }) {
            let name = namer.name(of: group)
            let identity = identity(of: group.sample.thread, name)
            if let place = places[identity] {
                groups[place].sum.add(group.sum)
                groups[place].name = name ?? groups[place].name
                continue
            }
            places[identity] = groups.count
            groups.append(TraceReport.Group(name: name, pid: identity.pid, tid: identity.tid, sum: group.sum))
        }
        return groups.sorted { $0.precedes($1, order) }
    }

    private func identity(of thread: FaultThread, _ name: String?) -> Identity {
        if joinsProcesses { return Identity(name: name) }
        return switch table.grouping {
        case .process: Identity(pid: thread.pid)
        case .thread: Identity(name: name, pid: thread.pid, tid: thread.tid)
        default: Identity(name: name)
        }
    }
}

extension TraceReport.Group {
    fileprivate func precedes(_ other: Self, _ order: ReportOrder) -> Bool {
        let (mine, theirs) = (order.weight(of: sum), order.weight(of: other.sum))
        if mine != theirs { return mine > theirs }
        if sum.events != other.sum.events { return sum.events > other.sum.events }
        return (pid ?? 0, tid ?? 0, name ?? "") < (other.pid ?? 0, other.tid ?? 0, other.name ?? "")
    }
}
