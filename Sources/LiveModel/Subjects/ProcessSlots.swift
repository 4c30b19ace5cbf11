import FaultModel
import TraceModel

/// A process that faulted.
public struct LiveProcess: Equatable, Sendable {
    public let pid: UInt32
    /// Its full name; the faulting thread's while nobody has told of the process.
    public fileprivate(set) var name: String
    /// The Android package; empty: none.
    public fileprivate(set) var package = ""
    public fileprivate(set) var uid: UInt32?
    /// Its number among the session's names.
    fileprivate var number: UInt32 = 0
}

/// The processes that have faulted, by their place in order of coming. A process id of another session is another process.
struct ProcessSlots: Sendable {
    static let limit = 60_000

    private(set) var list: [LiveProcess] = []
    private var places: [UInt32: Int] = [:]
    private var last: (pid: UInt32, number: UInt32, place: Int) = (.max, 0, 0)

    /// Another session begins: its process ids are others.
    mutating func forgetNumbers() {
        places = [:]
        last = (.max, 0, 0)
    }

    /// A fault's process, and whether its name is new.
    @inline(__always)
    mutating func place(of fault: PageFault, _ names: TraceNames) -> (place: Int, isNew: Bool) {
        if last.pid == fault.thread.pid, last.number == fault.process { return (last.place, false) }
        return find(fault, names)
    }

    private mutating func find(_ fault: PageFault, _ names: TraceNames) -> (place: Int, isNew: Bool) {
        let pid = fault.thread.pid
        guard let place = places[pid] ?? append(pid) else { return (CellKey.others, false) }
        let isNew = list[place].name.isEmpty || (fault.process > 0 && fault.process != list[place].number)
        if isNew { learn(fault, names, place) }
        last = (pid, fault.process, place)
        return (place, isNew)
    }

    private mutating func append(_ pid: UInt32) -> Int? {
        guard list.count < Self.limit else { return nil }
        places[pid] = list.count
        list.append(LiveProcess(pid: pid, name: ""))
        return list.count - 1
    }

    private mutating func learn(_ fault: PageFault, _ names: TraceNames, _ place: Int) {
        list[place].number = fault.process
        list[place].name = names.processName(ThreadKey(fault))
        guard let facts = names.process(fault) else { return }
        (list[place].package, list[place].uid) = (facts.package, facts.uid)
    }
}
