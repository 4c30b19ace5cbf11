/// Decides whose maps are read again because there is new memory that may have got a name: prctl(2) gives it after mmap(2), and
/// nobody tells. A reading is paid for by a pause, so that all of them together take a twentieth of the time at most.
struct AnonymousNames {
    private static let waitingLimit = 1024
    /// How long a process is left alone: so often what the reading took, and at least so long.
    private static let (pauses, shortestPauseNs): (UInt64, UInt64) = (50, 20_000_000)
    private static let allPauses: UInt64 = 20

    private struct Process {
        let pid: UInt32
        var dueNs: UInt64
        var isWaiting: Bool
    }

    private var processes: [Process] = []
    private var dueNs: UInt64 = 0

    /// There is new memory without a name.
    mutating func noticed(_ pid: UInt32) {
        if let known = place(of: pid) { return processes[known].isWaiting = true }
        if processes.count >= Self.waitingLimit { processes.removeFirst(Self.waitingLimit / 2) }
        processes.append(Process(pid: pid, dueNs: 0, isWaiting: true))
    }

    /// Whose maps to read now; nil: nobody's, or not yet.
    mutating func next(nowNs: UInt64) -> UInt32? {
        guard nowNs >= dueNs, let place = processes.firstIndex(where: { $0.isWaiting && $0.dueNs <= nowNs }) else { return nil }
        processes[place].isWaiting = false
        return processes[place].pid
    }

    /// A process's maps have been read.
    ///
    /// - Parameter tookNs: the agent's time.
    mutating func read(_ pid: UInt32, tookNs: UInt64, nowNs: UInt64) {
        dueNs = nowNs &+ tookNs * Self.allPauses
        guard let place = place(of: pid) else { return }
        processes[place].dueNs = nowNs &+ max(tookNs * Self.pauses, Self.shortestPauseNs)
    }

    mutating func forget(_ pid: UInt32) { processes.removeAll { $0.pid == pid } }

    private func place(of pid: UInt32) -> Int? { processes.firstIndex { $0.pid == pid } }
}
