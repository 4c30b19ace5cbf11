import FaultModel
import WireProtocol

/// What each process of a trace was at each time, by the numbers that faults bear.
///
/// A number stands for one name for good, so that whoever has made a text of it may keep that: another program or another name
/// is another number. Those of the dead are used again when there are too many.
struct ProcessHistory: Sendable {
    /// Numbers at most. What comes when none of them is dead has none.
    private static let numberLimit = 1 << 16
    /// How long what was before is kept: faults that took long come late.
    private static let graceNs: UInt64 = 5_000_000_000
    /// How many of its former names a process keeps.
    private static let namesKept = 64

    private var lives: [UInt32: Life] = [:]
    private var waiting: [News] = []
    private var graves: [(pid: UInt32, timeNs: UInt64)] = []
    /// The numbers of the dead, the oldest first, from `nextFree` on.
    private var freeNumbers: [UInt32] = []
    private var nextFree = 0
    /// Those that run a program whose path nobody has told yet.
    private var newPrograms: [UInt32] = []
    /// Grows with every change.
    private(set) var generation: UInt32 = 0

    /// A process id's owner now, and what it was before.
    private struct Life: Sendable {
        /// Zero: there was none left.
        var number: UInt32
        /// Since when it goes by that.
        var sinceNs: UInt64
        /// The main thread's name as the kernel has it.
        var comm: String
        var earlier: [(number: UInt32, untilNs: UInt64)] = []
    }

    private enum News: Sendable {
        case facts(ProcessFacts)
        case forked(Forked)
        case executed(Executed)
        case exited(Exited)

        var timeNs: UInt64 {
            switch self {
            case .facts(let news): news.timeNs
            case .forked(let news): news.timeNs
            case .executed(let news): news.timeNs
            case .exited(let news): news.timeNs
            }
        }
    }

    // MARK: Looking

    /// What a process went by at a time; the number is zero where nobody has told of it.
    ///
    /// - Returns: also whether it still does, and since when.
    func find(_ pid: UInt32, atNs timeNs: UInt64) -> (number: UInt32, isCurrent: Bool, sinceNs: UInt64) {
        guard let life = lives[pid] else { return (0, false, 0) }
        if life.earlier.isEmpty { return (life.number, true, 0) }
        if let old = life.earlier.first(where: { timeNs < $0.untilNs }) { return (old.number, false, 0) }
        return (life.number, true, life.sinceNs)
    }

    /// The main thread's name now, as the kernel has it; nil: nobody has told of it.
    func comm(_ pid: UInt32) -> String? { lives[pid].flatMap { $0.comm.isEmpty ? nil : $0.comm } }

    /// What every process is whose faults may still come, as if it were told at a time.
    ///
    /// - Parameter program: the path of the program that a process runs; nil: not known.
    func retold(_ names: TraceNames, atNs timeNs: UInt64, program: (UInt32) -> String?) -> [AgentMessage] {
        lives.keys.sorted().flatMap { pid -> [AgentMessage] in
            guard let life = lives[pid], life.number > 0 else { return [] }
            let process = names.processes[Int(life.number)]
            let facts = ProcessFacts(
                timeNs: min(timeNs, process.endedNs ?? timeNs), pid: pid, parent: process.parent, uid: process.uid ?? ProcessFacts.unknownUser,
                bornNs: process.bornNs, name: life.comm, commandLine: process.commandLine,
                executable: process.executable.isEmpty ? program(pid) ?? "" : process.executable, package: process.package)
            let end = process.endedNs.map { [AgentMessage.exited(Exited(timeNs: $0, pid: pid))] } ?? []
            return [.process(facts)] + end
        }
    }

    // MARK: News

    /// Keeps what a message says about a process; other messages are nothing to it.
    mutating func note(_ message: AgentMessage) {
        switch message {
        case .process(let news): waiting.append(.facts(news))
        case .forked(let news): waiting.append(.forked(news))
        case .executed(let news): waiting.append(.executed(news))
        case .exited(let news): waiting.append(.exited(news))
        default: break
        }
    }

    /// Puts the news that have come into effect, in order of time.
    ///
    /// - Parameters:
    ///   - completeUntilNs: no fault of an earlier time comes any more, so that what was before is forgotten.
    ///   - program: the path of the program that a process runs, once it is known.
    mutating func settle(_ names: inout TraceNames, completeUntilNs: UInt64, program: (UInt32) -> String?) {
        guard !waiting.isEmpty else { return }
        generation &+= 1
        forget(beforeNs: completeUntilNs.subtractingOrZero(Self.graceNs))
        let order = waiting.indices.sorted { (waiting[$0].timeNs, $0) < (waiting[$1].timeNs, $1) }
        for place in order { apply(waiting[place], &names) }
        waiting.removeAll(keepingCapacity: true)
        newPrograms = newPrograms.filter { pid in !complete(pid, program(pid), &names) }
    }

    /// Nobody knows what has become of anybody: a process that is told of again has another number.
    mutating func forgetProcesses() {
        for pid in lives.keys.sorted() {
            guard let life = lives.removeValue(forKey: pid) else { continue }
            for number in life.earlier.map(\.number) + [life.number] { free(number) }
        }
        (waiting, graves, newPrograms) = ([], [], [])
        generation &+= 1
    }

    private mutating func apply(_ news: News, _ names: inout TraceNames) {
        switch news {
        case .facts(let facts): learn(facts, &names)
        case .forked(let birth): bear(birth, &names)
        case .executed(let news):
            var process = current(news.pid, names)
            (process.name, process.commandLine, process.executable) = (news.name, "", "")
            become(process, comm: news.name, sinceNs: news.timeNs, isChange: true, &names)
            newPrograms.append(news.pid)
        case .exited(let end): finish(end, &names)
        }
    }

    private func current(_ pid: UInt32, _ names: TraceNames) -> TracedProcess {
        var process = names.processes[Int(lives[pid]?.number ?? 0)]
        process.pid = pid
        return process
    }

    /// A child is what its parent is, until it becomes something else.
    private mutating func bear(_ birth: Forked, _ names: inout TraceNames) {
        var child = current(birth.parent, names)
        (child.pid, child.parent, child.bornNs, child.endedNs) = (birth.pid, birth.parent, birth.timeNs, nil)
        become(child, comm: lives[birth.parent]?.comm ?? "", sinceNs: birth.timeNs, isChange: false, &names)
    }

    private mutating func learn(_ facts: ProcessFacts, _ names: inout TraceNames) {
        let old = current(facts.pid, names)
        if old.isDead(bornNs: facts.bornNs) { return }
        let facts = isOvertaken(facts) ? facts.withoutProgram : facts
        let comm = facts.name.isEmpty ? lives[facts.pid]?.comm ?? "" : facts.name
        let new = old.learning(facts, comm: comm)
        guard let life = lives[facts.pid], life.number > 0, new.name == old.name, old.endedNs == nil else {
            // A name alone is a new one; what /proc says of somebody unknown has been so before, as far as anybody knows.
            return become(new, comm: comm, sinceNs: facts.timeNs, isChange: facts.bornNs == 0, &names)
        }
        names.processes[Int(life.number)] = new
        lives[facts.pid]?.comm = comm
    }

    /// /proc is read some time after the news that led there: by then the process may go by yet another name, of which news will come.
    private func isOvertaken(_ facts: ProcessFacts) -> Bool {
        guard facts.bornNs > 0, let life = lives[facts.pid], !life.comm.isEmpty, !facts.name.isEmpty else { return false }
        return facts.timeNs <= life.sinceNs && facts.name != life.comm
    }

    /// The program may have a longer name than the kernel keeps. Returns whether there is nothing more to wait for.
    private func complete(_ pid: UInt32, _ program: String?, _ names: inout TraceNames) -> Bool {
        guard let life = lives[pid], life.number > 0, names.processes[Int(life.number)].executable.isEmpty else { return true }
        guard let program else { return false }
        names.processes[Int(life.number)].run(program, comm: life.comm)
        return true
    }

    private mutating func finish(_ end: Exited, _ names: inout TraceNames) {
        guard let life = lives[end.pid], life.sinceNs <= end.timeNs else { return }
        if life.number > 0 { names.processes[Int(life.number)].endedNs = end.timeNs }
        graves.append((end.pid, end.timeNs))
    }

    // MARK: Numbers

    /// - Parameter isChange: it was something else before, and nobody has told what.
    private mutating func become(
        _ process: TracedProcess, comm: String, sinceNs: UInt64, isChange: Bool, _ names: inout TraceNames
    ) {
        var life = Life(number: give(process, &names), sinceNs: sinceNs, comm: comm)
        if let old = lives[process.pid] { life.earlier = old.earlier + [(old.number, sinceNs)] } else if isChange { life.earlier = [(0, sinceNs)] }
        lives[process.pid] = life
        if life.earlier.count > Self.namesKept { retire(life.earlier[0].number, of: process.pid) }
    }

    private mutating func give(_ process: TracedProcess, _ names: inout TraceNames) -> UInt32 {
        if names.processes.count < Self.numberLimit {
            names.processes.append(process)
            return UInt32(names.processes.count - 1)
        }
        guard nextFree < freeNumbers.count else { return 0 }
        let number = freeNumbers[nextFree]
        nextFree += 1
        names.processes[Int(number)] = process
        return number
    }

    /// A process that takes one name after the other keeps the last of them.
    private mutating func retire(_ number: UInt32, of pid: UInt32) {
        lives[pid]?.earlier.removeFirst()
        free(number)
    }

    private mutating func free(_ number: UInt32) {
        if number > 0 { freeNumbers.append(number) }
        guard nextFree > 4096 else { return }
        freeNumbers.removeFirst(nextFree)
        nextFree = 0
    }

    /// Whoever ended before then is of no fault that still comes, nor is what the next owner of its number was before.
    private mutating func forget(beforeNs nowNs: UInt64) {
        let due = graves.prefix { $0.timeNs < nowNs }
        for grave in due {
            guard let life = lives[grave.pid] else { continue }
            for old in life.earlier where old.untilNs <= nowNs { free(old.number) }
            lives[grave.pid]?.earlier.removeAll { $0.untilNs <= nowNs }
            guard life.sinceNs <= grave.timeNs else { continue }
            free(life.number)
            lives[grave.pid] = nil
        }
        graves.removeFirst(due.count)
    }
}

extension ProcessFacts {
    /// What holds whatever the process runs.
    fileprivate var withoutProgram: ProcessFacts { ProcessFacts(timeNs: timeNs, pid: pid, parent: parent, uid: uid, bornNs: bornNs) }
}
