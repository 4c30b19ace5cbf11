import CFaultRecord
import CLinux
import FaultModel
import FaultProbe
import WireProtocol

/// Takes the kernel's counts round by round, and tells the controller when an interval is over.
final class TallyRounds {
    /// How long a round lasts at the most: rows of processes that have ended make room for others after it.
    private static let roundNs: UInt64 = 200_000_000
    /// How long a program may still add to the round before: many times what one takes.
    private static let settleNs: UInt64 = 5_000_000
    /// Well below what a frame holds.
    private static let rowsPerMessage = 1024

    /// Faults in all rows.
    private(set) var events: UInt64 = 0
    private let connection: Connection
    private let clocks: ProcessClocks
    private let memory: MemoryNews
    /// nil: the kernel cannot count by what was asked for; faults are told, and the controller counts them.
    private let map: TallyMap?
    private let countsThreads: Bool
    private let intervalNs: UInt64
    /// All CLOCK_MONOTONIC. The faults in the rows that come next are no older than this; before the first round's end nobody knows.
    private var beganNs: UInt64 = 0
    private var turnedNs: UInt64
    private var dueNs: UInt64
    private var isSettling = false
    private var rows: [Tally.Row] = []

    init(_ wish: TallyWish, _ map: TallyMap?, _ clocks: ProcessClocks, _ memory: MemoryNews, _ connection: Connection) {
        self.map = map
        self.clocks = clocks
        self.memory = memory
        self.connection = connection
        countsThreads = wish.key == .thread
        intervalNs = wish.intervalNs
        turnedNs = linux_monotonic_ns()
        dueNs = turnedNs.addingOrMax(intervalNs)
    }

    /// Goes one step on: a round ends, or what it has counted is sent.
    ///
    /// - Parameters:
    ///   - nowNs: CLOCK_MONOTONIC.
    ///   - sleepOffsetNs: what makes CLOCK_BOOTTIME of it.
    ///   - lost: faults since the start that found no room.
    func pump(at nowNs: UInt64, sleepOffsetNs: UInt64, lost: UInt64) {
        guard isSettling else { return turnIfDue(nowNs) }
        guard nowNs &- turnedNs >= Self.settleNs else { return }
        isSettling = false
        take(isOver: false, sleepOffsetNs)
        beganNs = turnedNs
        clocks.read()
        guard turnedNs >= dueNs else { return }
        dueNs = turnedNs.addingOrMax(intervalNs)
        tell(turnedNs &+ sleepOffsetNs, lost)
    }

    /// Sends what is left.
    func finish(at nowNs: UInt64, sleepOffsetNs: UInt64, lost: UInt64) {
        take(isOver: true, sleepOffsetNs)
        clocks.read()
        tell(nowNs &+ sleepOffsetNs, lost)
    }

    private func turnIfDue(_ nowNs: UInt64) {
        guard nowNs >= dueNs || nowNs &- turnedNs >= Self.roundNs else { return }
        map?.turn()
        turnedNs = nowNs
        isSettling = true
    }

    private func tell(_ timeNs: UInt64, _ lost: UInt64) {
        clocks.tell(connection, timeNs: timeNs)
        connection.send(.tallied(Tallied(timeNs: timeNs, overflow: lost)))
    }

    // MARK: Rows

    private func take(isOver: Bool, _ sleepOffsetNs: UInt64) {
        map?.take(isOver: isOver) { add($0, $1, sleepOffsetNs) }
        sendRows(sleepOffsetNs)
    }

    private func add(_ key: fault_tally_key, _ counted: fault_tally, _ sleepOffsetNs: UInt64) {
        guard counted.count > 0 else { return }
        events += counted.count
        clocks.met(counted.pid)
        memory.met(counted.pid, atNs: beganNs)
        rows.append(
            Tally.Row(
                pid: counted.pid, tid: countsThreads ? counted.tid : 0, uid: counted.uid, comm: counted.name,
                traits: FaultTraits(rawValue: key.traits), count: counted.count, latencyNs: counted.latency_ns,
                histogram: counted.histogram))
        if rows.count >= Self.rowsPerMessage { sendRows(sleepOffsetNs) }
    }

    /// What their processes are goes first.
    private func sendRows(_ sleepOffsetNs: UInt64) {
        guard !rows.isEmpty else { return }
        memory.send(sleepOffsetNs: sleepOffsetNs)
        connection.send(.tally(Tally(rows: rows)))
        rows.removeAll(keepingCapacity: true)
    }
}

extension fault_tally {
    fileprivate var name: String {
        withUnsafeBytes(of: comm) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension UInt64 {
    fileprivate func addingOrMax(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
