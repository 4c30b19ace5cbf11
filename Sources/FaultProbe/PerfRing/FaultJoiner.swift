import CFaultRecord

/// A fault's beginning, as PAGE_FAULTS tells it.
struct Beginning {
    var pid: UInt32
    var tid: UInt32
    var timeNs: UInt64
    var address: UInt64
    var ip: UInt64
    var cpu: UInt16
    /// enum fault_mode
    var mode: UInt32
}

/// Makes whole faults of what happens to threads, in order of time: a beginning waits in its thread for its end. Each of
/// the methods returns false when the handler asks for a pause.
final class FaultJoiner {
    /// How old a user id may become; a process can change it without a record.
    static let userAgeNs: UInt64 = 1_000_000_000
    /// The user of a thread that was gone before it could be asked for.
    static let nobodyKnows: UInt32 = .max

    private let filter: RecordFilter
    private let facts: ThreadFacts
    private let handler: RecordHandler
    private let waitsForEnd: Bool
    private let stacks: StackTable?
    private var threads = ThreadTable()
    /// Threads without an id of their own, such as those outside of our pid namespace, are told apart by nothing.
    private let stranger = UnsafeMutablePointer<TracedThread>.allocate(capacity: 1)

    /// Whether ends may be missing of faults that began lately, and up to when they are missing for sure.
    var isInDoubt = false
    private var outcomesLostUntilNs: UInt64 = 0
    private var undecided = LossReport(cpu: 0, count: 0, firstNs: .max, lastNs: 0)

    /// - Parameters:
    ///   - waitsForEnd: whether `ended` will be called; otherwise each fault is handed out when it begins.
    ///   - stacks: where to keep the stacks that samples carry; nil: they carry none.
    init(
        _ filter: RecordFilter, waitsForEnd: Bool, facts: ThreadFacts, stacks: StackTable? = nil, handler: @escaping RecordHandler
    ) {
        self.filter = filter
        self.stacks = stacks
        self.waitsForEnd = waitsForEnd
        self.facts = facts
        self.handler = handler
        stranger.initialize(to: TracedThread())
    }

    deinit { stranger.deallocate() }

    // MARK: Faults

    /// - Parameter ring: whose record at hand it is.
    @inline(__always)
    func began(_ fault: Beginning, in ring: UnsafePointer<RecordRing>) -> Bool {
        let thread = thread(fault.tid, of: fault.pid)
        guard thread.pointee.hasWantedID else { return true }
        let goesOn = giveUp(thread)
        if fault.timeNs >= thread.pointee.userDueNs { refresh(thread, fault.timeNs) }
        guard thread.pointee.isWanted, filter.wants(address: fault.address, mode: fault.mode) else { return goesOn }
        fill(thread, fault)
        if let stacks { keep(stacks.take(ring.pointee, from: 5), thread) }
        if !waitsForEnd || thread == stranger { return finish(thread, FAULT_OUTCOME_UNKNOWN) }
        thread.pointee.isPending = true
        return goesOn
    }

    /// - Parameter address: where the fault was to within 64 KiB; some kernels round it down to the page.
    @inline(__always)
    func ended(tid: UInt32, timeNs: UInt64, address: UInt64, outcome: fault_outcome) -> Bool {
        guard let thread = threads.find(tid), thread.pointee.isPending,
            (thread.pointee.record.address ^ address) >> 16 == 0
        else { return true }
        let beganNs = thread.pointee.record.time_ns
        thread.pointee.record.latency_ns = timeNs > beganNs ? timeNs - beganNs : 1
        return finish(thread, outcome)
    }

    /// Hands out what has not ended, whether the handler wants a pause or not.
    func flush() {
        threads.forEach { if $0.pointee.isPending { _ = handOut($0) } }
    }

    // MARK: Threads

    /// - Parameter parent: process and thread.
    func forked(pid: UInt32, tid: UInt32, by parent: (UInt32, UInt32), timeNs: UInt64) -> Bool {
        let goesOn = exited(tid: tid)
        let isProcess = pid != parent.0
        if isProcess { filter.forked(pid, by: parent.0) }
        guard filter.wants(process: pid) else { return goesOn }
        let origin = named(parent.1, of: parent.0, timeNs)
        let thread = thread(tid, of: pid)
        thread.pointee.record.comm = origin.record.comm
        thread.pointee.record.uid = origin.record.uid
        thread.pointee.userDueNs = isProcess ? 0 : origin.userDueNs
        thread.pointee.isNamed = true
        judge(thread)
        return goesOn
    }

    func exited(tid: UInt32) -> Bool {
        guard let thread = threads.find(tid) else { return true }
        let goesOn = giveUp(thread)
        threads.remove(tid)
        return goesOn
    }

    /// A thread that renames itself is in no fault; one that another one renames may be. Apps get their user
    /// before they get their name, so that a name is a good moment to ask.
    ///
    /// - Parameter by: the thread that did it.
    func renamed(pid: UInt32, tid: UInt32, by: UInt32, to name: CommWords, isExec: Bool) -> Bool {
        guard filter.wants(process: pid) else { return true }
        let thread = thread(tid, of: pid)
        let goesOn = by == tid ? giveUp(thread) : true
        thread.name(name)
        if isExec || tid == pid { thread.pointee.userDueNs = 0 }
        judge(thread)
        return goesOn
    }

    // MARK: Losses

    /// Ends are missing of faults up to a moment.
    func outcomesLost(until timeNs: UInt64) { outcomesLostUntilNs = max(outcomesLostUntilNs, timeNs) }

    /// Faults since the last call whose end was lost, while the filter asks for it: nobody knows whether they were wanted.
    func takeUndecided() -> LossReport? {
        guard undecided.count > 0 else { return nil }
        defer { undecided = LossReport(cpu: 0, count: 0, firstNs: .max, lastNs: 0) }
        return undecided
    }

    private func noteUndecided(_ timeNs: UInt64) {
        undecided.count += 1
        undecided.firstNs = min(undecided.firstNs, timeNs)
        undecided.lastNs = max(undecided.lastNs, timeNs)
    }

    /// Threads may have come, gone and changed unseen: all are to be asked for again.
    func tasksLost() {
        threads.forEach {
            $0.pointee.isNamed = false
            $0.pointee.userDueNs = 0
        }
    }

    // MARK: Inside

    @inline(__always)
    private func thread(_ tid: UInt32, of pid: UInt32) -> UnsafeMutablePointer<TracedThread> {
        if let known = threads.find(tid), known.pointee.record.pid == pid { return known }
        return newThread(tid, pid)
    }

    /// Also for an id that has come back in another process, after its EXIT was lost.
    @inline(never)
    private func newThread(_ tid: UInt32, _ pid: UInt32) -> UnsafeMutablePointer<TracedThread> {
        let isStranger = tid == 0 || tid == .max
        let thread = isStranger ? stranger : threads.claim(tid)
        _ = giveUp(thread)
        thread.pointee = TracedThread()
        thread.pointee.record.tid = tid
        thread.pointee.record.pid = pid
        thread.pointee.record.uid = Self.nobodyKnows
        thread.pointee.hasWantedID = filter.wants(process: pid) && filter.wants(thread: tid)
        thread.pointee.userDueNs = isStranger ? .max : 0
        judge(thread)
        return thread
    }

    /// A thread with its name and user, whether it is wanted or not.
    private func named(_ tid: UInt32, of pid: UInt32, _ timeNs: UInt64) -> TracedThread {
        let thread = thread(tid, of: pid)
        if !thread.pointee.isNamed || timeNs >= thread.pointee.userDueNs { refresh(thread, timeNs) }
        return thread.pointee
    }

    @inline(never)
    private func refresh(_ thread: UnsafeMutablePointer<TracedThread>, _ timeNs: UInt64) {
        let tid = thread.pointee.record.tid
        if !thread.pointee.isNamed { thread.name(facts.name(tid)) }
        if let user = facts.user(tid) { thread.pointee.record.uid = user }
        thread.pointee.userDueNs = timeNs + Self.userAgeNs
        judge(thread)
    }

    private func judge(_ thread: UnsafeMutablePointer<TracedThread>) {
        let comm = withUnsafePointer(to: &thread.pointee.record.comm) { UnsafeRawPointer($0) }
        thread.pointee.isWanted =
            thread.pointee.hasWantedID && filter.wants(user: thread.pointee.record.uid, comm: comm)
    }

    @inline(__always)
    private func fill(_ thread: UnsafeMutablePointer<TracedThread>, _ fault: Beginning) {
        thread.pointee.record.time_ns = fault.timeNs
        thread.pointee.record.latency_ns = 0
        thread.pointee.record.address = fault.address
        thread.pointee.record.ip = fault.ip
        thread.pointee.record.cpu = fault.cpu
        thread.pointee.record.traits = UInt8(truncatingIfNeeded: fault.mode << FAULT_MODE_SHIFT)
    }

    private func keep(_ stacks: (user: UInt32, kernel: UInt32), _ thread: UnsafeMutablePointer<TracedThread>) {
        thread.pointee.record.user_stack = stacks.user
        thread.pointee.record.kernel_stack = stacks.kernel
    }

    /// A thread that does something else has left its fault without a page: it failed, unless the end was lost.
    @inline(__always)
    private func giveUp(_ thread: UnsafeMutablePointer<TracedThread>) -> Bool {
        guard thread.pointee.isPending else { return true }
        let isKnown = !isInDoubt && thread.pointee.record.time_ns > outcomesLostUntilNs
        return finish(thread, isKnown ? FAULT_OUTCOME_FAILED : FAULT_OUTCOME_UNKNOWN)
    }

    @inline(__always)
    private func finish(_ thread: UnsafeMutablePointer<TracedThread>, _ outcome: fault_outcome) -> Bool {
        if outcome == FAULT_OUTCOME_UNKNOWN, filter.asksForEnd { noteUndecided(thread.pointee.record.time_ns) }
        thread.pointee.record.traits |= UInt8(truncatingIfNeeded: outcome.rawValue << FAULT_OUTCOME_SHIFT)
        return handOut(thread)
    }

    @inline(__always)
    private func handOut(_ thread: UnsafeMutablePointer<TracedThread>) -> Bool {
        thread.pointee.isPending = false
        guard filter.wants(ended: thread.pointee.record) else { return true }
        return handler(UnsafeRawPointer(thread))
    }
}

extension UnsafeMutablePointer<TracedThread> {
    /// Nothing changes where nothing is known.
    fileprivate func name(_ name: CommWords?) {
        guard let name else { return }
        withUnsafeMutableBytes(of: &pointee.record.comm) { $0.storeBytes(of: name, as: CommWords.self) }
        pointee.isNamed = true
    }
}
