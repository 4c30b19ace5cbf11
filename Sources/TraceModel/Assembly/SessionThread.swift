import WireProtocol

/// What ties the sessions of one trace together, where it has more than one or begins in the middle of one.
struct SessionThread: Sendable {
    var isContinuation = false
    /// The connection is lost, and the next session has not begun.
    private(set) var interruption: Interruption?
    /// How long processes had run when a file began that goes on with a session.
    private(set) var cpuBefore: CPULedger?
    /// What was received before the session, and how long the trace had run.
    private var before = Bye(reason: .stopped, events: 0, lost: 0, durationNs: 0)
    private var agentBefore: Stats?
    private var startNs: UInt64 = 0
    /// The run of the device that all sessions are of; empty: not known.
    private(set) var boot = Boot(id: "")

    /// A session's last word as that of the whole trace.
    func whole(_ bye: Bye) -> Bye {
        var whole = bye
        whole.events = bye.events.addingOrMax(before.events)
        whole.lost = bye.lost.addingOrMax(before.lost)
        whole.durationNs = bye.durationNs.addingOrMax(before.durationNs)
        whole.notFollowed = bye.notFollowed.addingOrMax(before.notFollowed)
        whole.heldBack = bye.heldBack.addingOrMax(before.heldBack)
        whole.stacksLost = bye.stacksLost.addingOrMax(before.stacksLost)
        return whole
    }

    /// What the session's agent has cost, with those before it.
    func whole(_ stats: Stats) -> Stats {
        guard let agentBefore else { return stats }
        var whole = stats
        whole.cpuTimeNs = stats.cpuTimeNs.addingOrMax(agentBefore.cpuTimeNs)
        whole.events = stats.events.addingOrMax(agentBefore.events)
        whole.bytesSent = stats.bytesSent.addingOrMax(agentBefore.bytesSent)
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
        if let bye = summary.bye { before = bye }
        (before.events, before.lost) = (summary.events, summary.statistics.losses.total)
        agentBefore = summary.agent
        startNs = summary.session.startNs
    }

    /// - Returns: false where the device has been switched off since the session before.
    mutating func take(_ news: Boot) -> Bool {
        let isSame = news.id == boot.id || news.id.isEmpty || boot.id.isEmpty
        if boot.id.isEmpty { boot = news }
        return isSame
    }

    mutating func resume(atNs timeNs: UInt64) {
        interruption = nil
        before.durationNs = timeNs.subtractingOrZero(startNs)
    }
}
