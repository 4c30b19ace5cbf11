import WireProtocol

/// What ties the sessions of one trace together, where it has more than one or begins in the middle of one.
struct SessionThread: Sendable {
    var isContinuation = false
    /// The connection is lost, and the next session has not begun.
    private(set) var interruption: Interruption?
    /// How long processes had run when a file began that goes on with a session.
    private(set) var cpuBefore: CPULedger?
    /// What was received before the session, and how long the trace had run.
    private var (events, lost, ns): (UInt64, UInt64, UInt64) = (0, 0, 0)
    private var startNs: UInt64 = 0

    /// A session's last word as that of the whole trace.
    func whole(_ bye: Bye) -> Bye {
        var whole = bye
        whole.events = bye.events.addingOrMax(events)
        whole.lost = bye.lost.addingOrMax(lost)
        whole.durationNs = bye.durationNs.addingOrMax(ns)
        return whole
    }

    /// The first of a continuing file tell what lies before it.
    mutating func whole(_ times: CPUTimes) -> CPUTimes {
        guard isContinuation, cpuBefore == nil else { return times }
        cpuBefore = CPULedger()
        cpuBefore?.note(times)
        return times
    }

    mutating func interrupt(_ gap: Interruption, _ summary: TraceSummary) {
        interruption = gap
        (events, lost) = (summary.events, summary.statistics.losses.total)
        startNs = summary.session.startNs
    }

    mutating func resume(atNs timeNs: UInt64) {
        interruption = nil
        ns = timeNs.subtractingOrZero(startNs)
    }
}
