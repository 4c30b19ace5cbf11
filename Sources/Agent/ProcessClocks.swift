import CLinux
import WireProtocol

/// How long the processes of a trace have run on CPUs since it began, by the kernel's own clock of each process.
final class ProcessClocks {
    /// What one message can list.
    private static let processLimit = 1 << 15

    /// What the clocks of the processes that there were showed when the trace began. All others began at zero.
    private var beforeNs: [UInt32: UInt64] = [:]
    /// Those that occur in the trace, and what was read last.
    private var readNs: [UInt32: UInt64] = [:]
    /// Those that are gone, with the last reading, until they have been told.
    private var gone: [CPUTimes.Process] = []
    /// The command's, read before anybody could take its clock away.
    private var ended: CPUTimes.Process?
    /// A process of `readNs` by the low bits of its id, to find most of them without asking the table.
    private var recent = [UInt32](repeating: 0, count: 256)

    init() {
        var pids = [UInt32](repeating: 0, count: Self.processLimit)
        let count = linux_processes(&pids, pids.count)
        for pid in pids.prefix(count) { beforeNs[pid] = clock(pid) }
    }

    /// An event of this process comes. Allocates nothing unless it is its first.
    @inline(__always)
    func met(_ pid: UInt32) {
        if recent[Int(pid & 0xff)] != pid { meet(pid) }
    }

    private func meet(_ pid: UInt32) {
        recent[Int(pid & 0xff)] = pid
        if readNs[pid] == nil, ended?.pid != pid, readNs.count < Self.processLimit { readNs[pid] = 0 }
    }

    /// What a process's clock shows now; nil: it is gone.
    func reading(of pid: UInt32) -> CPUTimes.Process? { elapsed(pid).map { CPUTimes.Process(pid: pid, cpuTimeNs: $0) } }

    /// The command has ended, and this was its last reading.
    func ended(_ last: CPUTimes.Process?) {
        guard let last else { return }
        ended = last
        readNs[last.pid] = nil
    }

    /// Reads the clocks. What is gone keeps its last reading.
    func read() {
        for (pid, lastNs) in readNs {
            if let ns = elapsed(pid) { readNs[pid] = ns } else { bury(pid, lastNs) }
        }
    }

    /// Tells what was read last: first of those that are gone since, whose last reading is a lower bound, then in a message of
    /// their own those that are there.
    func tell(_ connection: Connection, timeNs: UInt64) {
        if !gone.isEmpty { connection.send(.cpuTimes(CPUTimes(timeNs: timeNs, list: gone))) }
        gone.removeAll()
        var list: [CPUTimes.Process] = []
        for (pid, ns) in readNs { list.append(CPUTimes.Process(pid: pid, cpuTimeNs: ns)) }
        if let ended { list.append(ended) }
        connection.send(.cpuTimes(CPUTimes(timeNs: timeNs, list: list)))
    }

    private func bury(_ pid: UInt32, _ lastNs: UInt64) {
        if gone.count < Self.processLimit { gone.append(CPUTimes.Process(pid: pid, cpuTimeNs: lastNs)) }
        readNs[pid] = nil
        beforeNs[pid] = nil
        recent[Int(pid & 0xff)] = 0
    }

    /// Since the trace began; a number that is used again has a clock that shows less than before.
    private func elapsed(_ pid: UInt32) -> UInt64? {
        guard let ns = clock(pid) else { return nil }
        let before = beforeNs[pid] ?? 0
        return ns >= before ? ns - before : ns
    }

    private func clock(_ pid: UInt32) -> UInt64? {
        let ns = linux_process_cpu_ns(pid)
        return ns < 0 ? nil : UInt64(ns)
    }
}
