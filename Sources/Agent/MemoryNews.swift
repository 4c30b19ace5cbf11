import CLinux
import FaultModel
import FaultProbe
import WireProtocol

/// Tells the controller of the memory of those processes that occur among the events: what is there when one first occurs, and
/// what happens to it from then on.
final class MemoryNews {
    /// How many mappings of new processes are told before a batch goes out: some twenty milliseconds of work. The others wait for the
    /// next batch, but for those that were born during the trace: they may be gone by then.
    private static let mappingsPerBatch = 4096
    /// What it takes to tell of a process, besides its mappings, in mappings.
    private static let processCost = 16
    /// Bytes of a message with mappings at the most, but for the last of them.
    private static let messageSize = 64 << 10
    private static let processLimit = 1 << 16

    /// The cause, if the trace cannot tell it, and why.
    private(set) var missing: MissingColumn?
    /// What the kernel has told of anybody's memory.
    private(set) var recordCount: UInt64 = 0
    private let connection: Connection
    private let exclusion: Exclusion?
    private let processes: ProcessNews
    /// nil: the kernel keeps no names of anonymous memory.
    private var anonymousNames = linux_names_anonymous_memory() ? AnonymousNames() : nil
    /// nil: nobody is excluded, and news go out at once.
    private var confidential: ConfidentialNews?
    /// Those that have begun another program since the last drain.
    private var executed: [UInt32] = []
    private var watch: MemoryWatch?
    private var wantsMappings = true
    /// Processes that the controller is told of.
    private var known: Set<UInt32> = []
    /// Those among them that occurred since the last `send`.
    private var fresh: [UInt32] = []
    /// Those that have ended, and those that had before the last drain: another CPU's ring may still hold something of the former.
    private var ended: (lately: [UInt32], before: [UInt32]) = ([], [])
    private var held = HeldNews()
    /// When the watch was drained last, CLOCK_MONOTONIC: what happened to a fresh process after that is told anyway.
    private var drainedNs = linux_monotonic_ns()
    private var toldMappings = 0
    /// A process of `known` by the low bits of its id, to find most of them without asking the set.
    private var recent = [UInt32](repeating: 0, count: 256)

    /// - Parameter filter: of whom it excludes nothing is told.
    init(_ connection: Connection, _ filter: FaultFilter) {
        self.connection = connection
        exclusion = Exclusion(filter)
        processes = ProcessNews(connection, exclusion)
    }

    /// Looks from now on. The source has been opened before: what it records waits until it is drained, and where locked memory is
    /// counted (before 5.11), its maps would not be had any more, while the rings that are opened here have an allowance of their own.
    ///
    /// - Parameter wantsMappings: whether the controller is to know them, or processes alone.
    func open(wantsMappings: Bool) {
        self.wantsMappings = wantsMappings
        do throws(ProbeError) {
            watch = try MemoryWatch()
            if exclusion != nil { confidential = ConfidentialNews() }
        } catch {
            missing = Self.missing(error)
        }
    }

    /// Becomes readable when much waits to be drained; nil: nothing is looked at.
    var descriptor: Int32? { watch?.descriptor }

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

    /// An event of this process comes, with its time by CLOCK_MONOTONIC. Allocates nothing unless it is its first.
    @inline(__always)
    func met(_ pid: UInt32, atNs timeNs: UInt64) {
        if recent[Int(pid & 0xff)] != pid { meet(pid) }
        confidential?.met(pid, atNs: timeNs)
    }

    /// These processes are what the trace is about. They are told of at once: who ends with its first faults could not be asked then.
    /// Where somebody is excluded, nothing is told of anybody without an event.
    func expect(_ pids: [UInt32]) {
        guard exclusion == nil else { return }
        for pid in pids where linux_process_cpu_ns(pid) >= 0 { meet(pid) }
    }

    /// Sends what the next batch depends on: everything that happened before its events.
    func send(sleepOffsetNs: UInt64) {
        guard let watch else { return }
        let nowNs = linux_monotonic_ns()
        let isWhole = watch.drain { self.take($0, sleepOffsetNs) }
        confidential?.release { self.send($0, sleepOffsetNs) }
        confidential?.bury { self.send($0, sleepOffsetNs) }
        if !isWhole || confidential?.isFull == true { beginAnew() }
        sendFresh(asOf: drainedNs, sleepOffsetNs)
        processes.sendChanges(nowNs: nowNs &+ sleepOffsetNs) { known.contains($0) }
        sendAnonymousNames(sleepOffsetNs)
        forgetEnded()
        executed.removeAll(keepingCapacity: true)
        drainedNs = nowNs
    }

    /// Sends a process's mappings as they are now.
    func look(at pid: UInt32, sleepOffsetNs: UInt64) {
        if known.contains(pid) { tell(mappingsOf: pid, as: pid, asOf: linux_monotonic_ns() &+ sleepOffsetNs) }
    }

    /// - Parameters:
    ///   - other: whose they are said to be.
    ///   - timeNs: what is told of a later moment goes over them.
    /// - Returns: whether the process still has memory, and may be told of.
    @discardableResult
    private func tell(
        mappingsOf pid: UInt32, as other: UInt32, asOf timeNs: UInt64, _ isWanted: (MemoryMapping) -> Bool = { _ in true }
    ) -> Bool {
        guard wantsMappings, let mappings = watch?.mappings(of: pid), exclusion?.excludes(pid) != true else { return false }
        var part = Mappings(timeNs: timeNs, pid: other, list: [])
        var size = 0
        for mapping in mappings where isWanted(mapping) {
            part.list.append(mapping)
            toldMappings += 1
            size += 32 + mapping.name.utf8.count
            guard size > Self.messageSize else { continue }
            connection.send(.mappings(part))
            part.list.removeAll()
            size = 0
        }
        if !part.list.isEmpty { connection.send(.mappings(part)) }
        return true
    }

    /// Names that memory has been given since it was told of.
    private func sendAnonymousNames(_ sleepOffsetNs: UInt64) {
        let beganNs = linux_monotonic_ns()
        guard let pid = anonymousNames?.next(nowNs: beganNs) else { return }
        if known.contains(pid) { tell(mappingsOf: pid, as: pid, asOf: beganNs &+ sleepOffsetNs) { $0.kind == .anonymous } }
        let nowNs = linux_monotonic_ns()
        anonymousNames?.read(pid, tookNs: nowNs &- beganNs, nowNs: nowNs)
    }

    func attachToNewCPUs() { watch?.attachToNewCPUs() }

    // MARK: Processes

    private func meet(_ pid: UInt32) {
        recent[Int(pid & 0xff)] = pid
        guard watch != nil else { return }
        if known.count >= Self.processLimit { forget() }
        if known.insert(pid).inserted, confidential?.adopt(pid) != true { fresh.append(pid) }
    }

    /// Whoever occurs again is told of as if for the first time.
    private func forget() {
        known.removeAll()
        fresh.removeAll()
        if confidential != nil { confidential = ConfidentialNews() }
        for slot in recent.indices { recent[slot] = 0 }
    }

    /// Something is missing: who occurs in the next batch is told of before it goes out, as far as that is known here.
    private func beginAnew() {
        let occurred = recent.filter { $0 > 0 }
        forget()
        for pid in occurred { meet(pid) }
    }

    private func forgetEnded() {
        for pid in ended.before {
            known.remove(pid)
            recent[Int(pid & 0xff)] = 0
            anonymousNames?.forget(pid)
        }
        ended = ([], ended.lately)
    }

    /// A fresh process's mappings are those of the last drain, brought up to date by what is told since: so that a child that it has
    /// got since then inherits them.
    private func sendFresh(asOf drainedNs: UInt64, _ sleepOffsetNs: UInt64) {
        let limit = toldMappings + Self.mappingsPerBatch
        var (waiting, born): ([UInt32], Set<UInt32>?) = ([], nil)
        for pid in fresh {
            if toldMappings >= limit, born == nil { born = held.born }
            guard born?.contains(pid) != false else {
                waiting.append(pid)
                continue
            }
            introduce(pid, asOf: drainedNs, sleepOffsetNs)
            toldMappings += Self.processCost
        }
        fresh = waiting
    }

    /// If the process is gone already, its parent tells what it was born with, and its records what came then.
    private func introduce(_ pid: UInt32, asOf drainedNs: UInt64, _ sleepOffsetNs: UInt64) {
        let story = held.story(of: pid).filter { confidential?.isCovered($0) != false }
        for record in story { send(record, sleepOffsetNs) }
        // What /proc says now was not so before an exec, and what came after one has been told whole.
        let isSame = !executed.contains(pid)
        var isTold = !isSame
        var knownNs = drainedNs &+ sleepOffsetNs
        for record in story {
            guard case .forked(let parent) = record.what else { continue }
            let bornNs = record.timeNs &+ sleepOffsetNs
            // What is told as of before its birth would be the former owner's of its number.
            knownNs = max(knownNs, bornNs)
            isTold = (isSame && tell(mappingsOf: pid, as: pid, asOf: bornNs)) || tell(mappingsOf: parent, as: pid, asOf: bornNs) || isTold
        }
        if !processes.hasChanged(pid) { processes.tell(pid, asOf: knownNs) }
        if !isTold { tell(mappingsOf: pid, as: pid, asOf: knownNs) }
    }

    /// A fork belongs to those who know the parent.
    private func take(_ record: MemoryRecord, _ sleepOffsetNs: UInt64) {
        recordCount += 1
        let pid = if case .forked(let parent) = record.what { parent } else { record.pid }
        guard known.contains(pid) || confidential?.isChild(pid) == true else { return held.keep(record) }
        if confidential == nil { return send(record, sleepOffsetNs) }
        confidential?.add(record) { known.contains($0) }
    }

    private func send(_ record: MemoryRecord, _ sleepOffsetNs: UInt64) {
        let timeNs = record.timeNs &+ sleepOffsetNs
        switch record.what {
        case .mapped(let mapping):
            guard wantsMappings else { return }
            connection.send(.mapped(Mapped(timeNs: timeNs, pid: record.pid, mapping: mapping)))
            if mapping.kind == .anonymous, mapping.name.utf8.isEmpty { anonymousNames?.noticed(record.pid) }
        case .forked(let parent): sendBirth(of: record.pid, parent, atNs: timeNs, sleepOffsetNs)
        case .executed(let name):
            connection.send(.executed(Executed(timeNs: timeNs, pid: record.pid, name: name)))
            executed.append(record.pid)
            processes.executed(record.pid, atNs: timeNs)
        case .renamed(let name): processes.renamed(record.pid, to: name, atNs: timeNs)
        case .exited:
            ended.lately.append(record.pid)
            connection.send(.exited(Exited(timeNs: timeNs, pid: record.pid)))
        }
    }

    /// Another CPU's ring may have told of the child before this one told of its birth.
    private func sendBirth(of pid: UInt32, _ parent: UInt32, atNs timeNs: UInt64, _ sleepOffsetNs: UInt64) {
        connection.send(.forked(Forked(timeNs: timeNs, pid: pid, parent: parent)))
        guard known.insert(pid).inserted else { return }
        for record in held.story(of: pid) { take(record, sleepOffsetNs) }
    }
}
