public import FaultModel
public import TraceModel
public import WireProtocol

/// Adds the trace of an app's start up. The order of its faults is nothing to it.
///
/// It never fails; `OtherFailure` is what others of the same trace may do.
public struct LaunchBuilder<OtherFailure: Error>: EventSink {
    public typealias Failure = OtherFailure

    private let done: @Sendable (LaunchFaults) -> Void
    private var byCause = ReportBuilder(by: .cause) { _ in }
    private var byRegion = ReportBuilder(by: .region) { _ in }
    private var course = FaultCourse(startNs: 0)
    private var worst = WorstFaults()
    private var reads = StorageReads()

    /// - Parameter done: takes what it comes to when the trace has ended.
    public init(done: @escaping @Sendable (LaunchFaults) -> Void) { self.done = done }

    public mutating func begin(_ session: TraceSession) {
        byCause.begin(session)
        byRegion.begin(session)
        course = FaultCourse(startNs: session.startNs)
    }

    public mutating func consume(_ faults: ArraySlice<PageFault>, _ names: TraceNames) {
        byCause.consume(faults, names)
        byRegion.consume(faults, names)
        for fault in faults {
            course.add(fault.timeNs, latencyNs: fault.latencyNs)
            worst.add(fault)
            reads.add(fault)
        }
    }

    public mutating func lost(_ gap: Lost) {}

    public mutating func finish(_ summary: TraceSummary) {
        let pageSize = UInt64(max(summary.session.report.kernel.pageSize, 1))
        done(
            LaunchFaults(
                byCause: byCause.report(summary), byRegion: byRegion.report(summary), course: course, worst: worst.faults,
                reads: reads.files(summary.names, pageSize: pageSize), otherReads: reads.others))
    }
}

/// What the page faults of an app's start come to.
public struct LaunchFaults: Sendable {
    public let byCause: TraceReport
    public let byRegion: TraceReport
    public let course: FaultCourse
    /// Those that took longest, the longest first.
    public let worst: [PageFault]
    public let reads: [FileReads]
    /// Reads that were too many to keep apart.
    public let otherReads: UInt64

    public var summary: TraceSummary { byCause.summary }
}

/// An app's start and its page faults.
public struct LaunchReport: Sendable {
    public let launch: Launch
    public let faults: LaunchFaults

    public init(_ launch: Launch, _ faults: LaunchFaults) {
        self.launch = launch
        self.faults = faults
    }

    /// CLOCK_BOOTTIME of when the activity was drawn; nil: Android did not tell.
    public var displayedNs: UInt64? { launch.displayedAfterNs.map { launch.startNs.addingOrMax($0) } }

    /// The time from the start on; see `FaultCourse.columns`.
    public func columns(limit: Int) -> (lengthNs: UInt64, columns: [TimedCount]) {
        faults.course.columns(fromNs: launch.startNs, untilNs: displayedNs.map { $0.addingOrMax(1) } ?? 0, limit: limit)
    }

    /// Before the start, to the millisecond.
    public var before: TimedCount { faults.course.sum(0..<launch.startNs) }

    /// From the start until the activity was drawn, to the millisecond; nil: Android did not tell when that was.
    public var untilDisplayed: TimedCount? { displayedNs.map { faults.course.sum(launch.startNs..<$0) } }

    /// From then until the trace's end.
    public var after: TimedCount { faults.course.sum((displayedNs ?? launch.startNs)..<UInt64.max) }
}
