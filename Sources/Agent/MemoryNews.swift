import CLinux
import FaultModel
import FaultProbe
import WireProtocol

/// Tells the controller of the memory of those processes that occur among the events: what is there when one first occurs, and
/// what happens to it from then on.
final class MemoryNews {
    /// What /proc/PID/maps of new processes may take before a batch goes out; the rest of them wait for the next one.
    private static let patienceNs: UInt64 = 20_000_000
    /// Bytes of a message with mappings at the most, but for the last of them.
    private static let messageSize = 64 << 10
    private static let processLimit = 1 << 16

    /// The cause, if the trace cannot tell it, and why.
    private(set) var missing: MissingColumn?
    private let connection: Connection
    private let processes: ProcessNews
    /// nil: the kernel keeps no names of anonymous memory.
    private var anonymousNames = linux_names_anonymous_memory() ? AnonymousNames() : nil
    private var withheld = WithheldNews()
    /// Those that have begun another program since the last drain.
    private var executed: [UInt32] = []
    /// Those that have ended, and those that had before the last drain: another CPU's ring may still hold something of the former.
    private var ended: (lately: [UInt32], before: [UInt32]) = ([], [])
    private var watch: MemoryWatch?
    /// Processes that the controller is told of.
    private var known: Set<UInt32> = []
    /// Those among them that occurred since the last `send`.
    private var fresh: [UInt32] = []
    /// When the watch was drained last, CLOCK_MONOTONIC: what happened to a fresh process after that is told anyway.
    private var drainedNs = linux_monotonic_ns()
    /// A process of `known` by the low bits of its id, to find most of them without asking the set.
    private var recent = [UInt32](repeating: 0, count: 256)

    init(_ connection: Connection) {
        self.connection = connection
        processes = ProcessNews(connection)
    }

    /// Looks from now on. The source has been opened before: what it records waits until it is drained, and where locked memory is
    /// counted (before 5.11), its maps would not be had any more, while the rings that are opened here have an allowance of their own.
    func open() {
        do throws(ProbeError) {
            watch = try MemoryWatch()
        } catch {
            missing = Self.missing(error)
        }
    }

    /// What would keep a trace from telling the cause; nil: nothing.
    static func trial() -> MissingColumn? {
        do throws(ProbeError) {
            _ = try MemoryWatch()
            return nil
        } catch {
            return missing(error)
        }
    }

    private static func missing(_ error: ProbeError) -> MissingColumn {
        MissingColumn(.cause, reason: "nothing tells of memory: " + error.text)
    }

    /// An event of this process comes. Allocates nothing unless it is its first.
    @inline(__always)
    func met(_ pid: UInt32) {
        if recent[Int(pid & 0xff)] != pid { meet(pid) }
    }

    /// Sends what the next batch depends on: everything that happened before its events.
    func send(sleepOffsetNs: UInt64) {
        guard let watch else { return }
        let nowNs = linux_monotonic_ns()
        for pid in fresh { withheld.forEach(of: pid) { send($0, sleepOffsetNs) } }
        let isWhole = watch.drain { record in
            if isTold(record) { send(record, sleepOffsetNs) } else { withheld.keep(record) }
        }
        if !isWhole { beginAnew() }
        sendFresh(asOf: drainedNs &+ sleepOffsetNs)
        processes.sendChanges(nowNs: nowNs &+ sleepOffsetNs, patienceNs: Self.patienceNs) { known.contains($0) }
        sendAnonymousNames(sleepOffsetNs)
        forgetEnded()
        executed.removeAll(keepingCapacity: true)
        drainedNs = nowNs
    }

    /// Whether it is of a process that occurs, or of the child of one.
    private func isTold(_ record: MemoryRecord) -> Bool {
        if case .forked(let parent) = record.what, known.contains(parent) { return true }
        return known.contains(record.pid)
    }

    /// Sends a process's mappings as they are now.
    func look(at pid: UInt32, sleepOffsetNs: UInt64) { look(at: pid, asOf: linux_monotonic_ns() &+ sleepOffsetNs) }

    /// Names that memory has been given since it was told of.
    private func sendAnonymousNames(_ sleepOffsetNs: UInt64) {
        let beganNs = linux_monotonic_ns()
        guard let pid = anonymousNames?.next(nowNs: beganNs) else { return }
        look(at: pid, asOf: beganNs &+ sleepOffsetNs) { $0.kind == .anonymous }
        let nowNs = linux_monotonic_ns()
        anonymousNames?.read(pid, tookNs: nowNs &- beganNs, nowNs: nowNs)
    }

    /// - Parameter timeNs: what is told of a later moment goes over them.
    private func look(at pid: UInt32, asOf timeNs: UInt64, _ isWanted: (MemoryMapping) -> Bool = { _ in true }) {
        guard known.contains(pid), let mappings = watch?.mappings(of: pid) else { return }
        var part = Mappings(timeNs: timeNs, pid: pid, list: [])
        var size = 0
        for mapping in mappings where isWanted(mapping) {
            part.list.append(mapping)
            size += 32 + mapping.name.utf8.count
            guard size > Self.messageSize else { continue }
            connection.send(.mappings(part))
            part.list.removeAll()
            size = 0
        }
        if !part.list.isEmpty { connection.send(.mappings(part)) }
    }

    func attachToNewCPUs() { watch?.attachToNewCPUs() }

    // MARK: Processes

    private func meet(_ pid: UInt32) {
        recent[Int(pid & 0xff)] = pid
        guard watch != nil else { return }
        if known.count >= Self.processLimit { forget() }
        if known.insert(pid).inserted { fresh.append(pid) }
    }

    /// Whoever occurs again is told of as if for the first time.
    private func forget() {
        known.removeAll()
        fresh.removeAll()
        for slot in recent.indices { recent[slot] = 0 }
    }

    /// Something is missing: who occurs in the next batch is told of before it goes out, as far as that is known here.
    private func beginAnew() {
        let occurred = recent.filter { $0 > 0 }
        forget()
        for pid in occurred { meet(pid) }
    }

    /// A fresh process's mappings are those of the last drain, brought up to date by what is told since: so that a child that it has
    /// got since then inherits them.
    private func sendFresh(asOf timeNs: UInt64) {
        let beganNs = linux_monotonic_ns()
        while let pid = fresh.popLast() {
            // What /proc says now was not so before an exec, and what came after one has been told whole.
            guard known.contains(pid), !executed.contains(pid) else { continue }
            if !processes.hasChanged(pid) { processes.tell(pid, asOf: timeNs) }
            look(at: pid, asOf: timeNs)
            if linux_monotonic_ns() &- beganNs > Self.patienceNs { return }
        }
    }

    private func send(_ record: MemoryRecord, _ sleepOffsetNs: UInt64) {
        let timeNs = record.timeNs &+ sleepOffsetNs
        switch record.what {
        case .mapped(let mapping):
            connection.send(.mapped(Mapped(timeNs: timeNs, pid: record.pid, mapping: mapping)))
            if mapping.kind == .anonymous, mapping.name.utf8.isEmpty { anonymousNames?.noticed(record.pid) }
        case .forked(let parent): tellBirth(of: record, parent, sleepOffsetNs)
        case .executed(let name):
            connection.send(.executed(Executed(timeNs: timeNs, pid: record.pid, name: name)))
            executed.append(record.pid)
            processes.executed(record.pid, atNs: timeNs)
        case .renamed(let name): processes.renamed(record.pid, to: name, atNs: timeNs)
        case .exited: sendEnd(of: record.pid, atNs: timeNs)
        }
    }

    /// A child has its parent's mappings, if the controller knows those.
    private func tellBirth(of child: MemoryRecord, _ parent: UInt32, _ sleepOffsetNs: UInt64) {
        let (pid, timeNs) = (child.pid, child.timeNs &+ sleepOffsetNs)
        guard known.contains(parent) else { return processes.tellBirth(of: pid, parent, atNs: timeNs) }
        known.insert(pid)
        connection.send(.forked(Forked(timeNs: timeNs, pid: pid, parent: parent)))
        // Another CPU's ring may have told of it before this one told of its birth.
        withheld.forEach(of: pid) { send($0, sleepOffsetNs) }
    }

    private func sendEnd(of pid: UInt32, atNs timeNs: UInt64) {
        ended.lately.append(pid)
        connection.send(.exited(Exited(timeNs: timeNs, pid: pid)))
    }

    private func forgetEnded() {
        for pid in ended.before {
            known.remove(pid)
            recent[Int(pid & 0xff)] = 0
            anonymousNames?.forget(pid)
        }
        ended = ([], ended.lately)
    }
}
