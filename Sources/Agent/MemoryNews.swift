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
    private let exclusion: Exclusion?
    /// nil: nobody is excluded, and news go out at once.
    private var confidential: ConfidentialNews?
    private var watch: MemoryWatch?
    /// Processes that the controller is told of.
    private var known: Set<UInt32> = []
    /// Those among them that occurred since the last `send`.
    private var fresh: [UInt32] = []
    /// When the watch was drained last, CLOCK_MONOTONIC: what happened to a fresh process after that is told anyway.
    private var drainedNs = linux_monotonic_ns()
    /// A process of `known` by the low bits of its id, to find most of them without asking the set.
    private var recent = [UInt32](repeating: 0, count: 256)

    /// - Parameter filter: of whom it excludes nothing is told.
    init(_ connection: Connection, _ filter: FaultFilter) {
        self.connection = connection
        exclusion = Exclusion(filter)
    }

    /// Looks from now on. The source has been opened before: what it records waits until it is drained, and where locked memory is
    /// counted (before 5.11), its maps would not be had any more, while the rings that are opened here have an allowance of their own.
    ///
    /// - Parameter isWanted: whether the trace is to have causes at all.
    func open(isWanted: Bool) {
        guard isWanted else { return }
        do throws(ProbeError) {
            watch = try MemoryWatch()
            if exclusion != nil { confidential = ConfidentialNews() }
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

    /// An event of this process comes, with its time by CLOCK_MONOTONIC. Allocates nothing unless it is its first.
    @inline(__always)
    func met(_ pid: UInt32, atNs timeNs: UInt64) {
        if recent[Int(pid & 0xff)] != pid { meet(pid) }
        confidential?.met(pid, atNs: timeNs)
    }

    /// Sends what the next batch depends on: everything that happened before its events.
    func send(sleepOffsetNs: UInt64) {
        guard let watch else { return }
        let nowNs = linux_monotonic_ns()
        let isWhole = watch.drain(
            isWanted: { self.known.contains($0) || self.confidential?.isChild($0) == true },
            to: { self.take($0, sleepOffsetNs) })
        confidential?.release { self.send($0, sleepOffsetNs) }
        confidential?.bury { self.send($0, sleepOffsetNs) }
        if !isWhole || confidential?.isFull == true { forget() }
        sendFresh(asOf: drainedNs &+ sleepOffsetNs)
        drainedNs = nowNs
    }

    /// Sends a process's mappings as they are now.
    func look(at pid: UInt32, sleepOffsetNs: UInt64) { look(at: pid, asOf: linux_monotonic_ns() &+ sleepOffsetNs) }

    /// - Parameter timeNs: what is told of a later moment goes over them.
    private func look(at pid: UInt32, asOf timeNs: UInt64) {
        guard known.contains(pid), let mappings = watch?.mappings(of: pid), exclusion?.excludes(pid) != true else { return }
        var part = Mappings(timeNs: timeNs, pid: pid, list: [])
        var size = 0
        for mapping in mappings {
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
        if known.insert(pid).inserted, confidential?.adopt(pid) != true { fresh.append(pid) }
    }

    /// Whoever occurs again is told of as if for the first time.
    private func forget() {
        known.removeAll()
        fresh.removeAll()
        if confidential != nil { confidential = ConfidentialNews() }
        for slot in recent.indices { recent[slot] = 0 }
    }

    /// A fresh process's mappings are those of the last drain, brought up to date by what is told since: so that a child that it has
    /// got since then inherits them.
    private func sendFresh(asOf timeNs: UInt64) {
        let beganNs = linux_monotonic_ns()
        while let pid = fresh.popLast() {
            look(at: pid, asOf: timeNs)
            if linux_monotonic_ns() &- beganNs > Self.patienceNs { return }
        }
    }

    private func take(_ record: MemoryRecord, _ sleepOffsetNs: UInt64) {
        if confidential == nil { return send(record, sleepOffsetNs) }
        confidential?.add(record) { known.contains($0) }
    }

    private func send(_ record: MemoryRecord, _ sleepOffsetNs: UInt64) {
        let timeNs = record.timeNs &+ sleepOffsetNs
        switch record.what {
        case .mapped(let mapping): connection.send(.mapped(Mapped(timeNs: timeNs, pid: record.pid, mapping: mapping)))
        case .forked(let parent):
            known.insert(record.pid)
            connection.send(.forked(Forked(timeNs: timeNs, pid: record.pid, parent: parent)))
        case .executed(let name): connection.send(.executed(Executed(timeNs: timeNs, pid: record.pid, name: name)))
        case .exited:
            known.remove(record.pid)
            recent[Int(record.pid & 0xff)] = 0
            connection.send(.exited(Exited(timeNs: timeNs, pid: record.pid)))
        }
    }
}
