public import FaultModel

/// A thread that faulted, under its latest name.
public struct LiveThread: Equatable, Sendable {
    /// Its process's place.
    public let process: Int
    public let tid: UInt32
    public fileprivate(set) var comm: ThreadName
}

/// The threads that have faulted, by their place in order of coming.
struct ThreadSlots: Sendable {
    static let limit = 120_000

    private(set) var list: [LiveThread] = []
    private var places: [UInt64: Int] = [:]
    private var last: (key: UInt64, comm: ThreadName, place: Int) = (.max, ThreadName([]), 0)

    mutating func forgetNumbers() {
        places = [:]
        last = (.max, ThreadName([]), 0)
    }

    @inline(__always)
    mutating func place(of thread: FaultThread, process: Int) -> Int {
        let key = UInt64(thread.pid) << 32 | UInt64(thread.tid)
        if last.key == key, last.comm == thread.comm { return last.place }
        return find(thread, key, process)
    }

    private mutating func find(_ thread: FaultThread, _ key: UInt64, _ process: Int) -> Int {
        guard let place = places[key] ?? append(thread, key, process) else { return CellKey.others }
        list[place].comm = thread.comm
        last = (key, thread.comm, place)
        return place
    }

    private mutating func append(_ thread: FaultThread, _ key: UInt64, _ process: Int) -> Int? {
        guard list.count < Self.limit, process != CellKey.others else { return nil }
        places[key] = list.count
        list.append(LiveThread(process: process, tid: thread.tid, comm: thread.comm))
        return list.count - 1
    }
}
