import CFaultRecord

/// Applies in user space what `begin_passes` and `end_passes` of bpf/filter.bpf.h apply in the kernel, with the same settings
/// and the same meaning. In parts, because what it says of a process or a thread holds until that changes.
final class RecordFilter {
    private let settings: UnsafeMutablePointer<fault_filter>
    private let advance: UnsafeRawPointer
    private var processes: [UInt32: UInt32]
    private let threads: [UInt32: UInt32]
    private let users: [UInt32: UInt32]
    /// By CPU: faults that came to the sampling test, and those of the rate limit's newest window.
    private var counted: [Counted] = []
    /// Faults that passed all but the rate limit.
    private(set) var heldBack: UInt64 = 0

    private struct Counted {
        var sampled: UInt64 = 0
        var windowNs: UInt64 = 0
        var windowPassed: UInt32 = 0
    }

    init(_ filter: KernelFilter) {
        settings = .allocate(capacity: 1)
        settings.initialize(to: filter.settings)
        advance = withUnsafePointer(to: &settings.pointee.comm_advance) { UnsafeRawPointer($0) }
        processes = filter.processes
        threads = filter.threads
        users = filter.users
    }

    deinit { settings.deallocate() }

    // MARK: The process, the thread

    /// Zero is the number of those outside of our pid namespace, and of no process of ours.
    func wants(process pid: UInt32) -> Bool {
        let own = settings.pointee.excluded_pids
        if pid != 0, pid == own.0 || pid == own.1 || pid == own.2 { return false }
        return !tests(FAULT_FILTER_PROCESSES) || passes(processes[pid], tests(FAULT_FILTER_SELECT_PROCESSES))
    }

    func wants(thread tid: UInt32) -> Bool { !tests(FAULT_FILTER_THREADS) || threads[tid] != nil }

    /// - Parameter comm: the name's sixteen bytes.
    func wants(user uid: UInt32, comm: UnsafeRawPointer) -> Bool {
        if tests(FAULT_FILTER_USERS), !passes(users[uid], tests(FAULT_FILTER_SELECT_USERS)) { return false }
        return !tests(FAULT_FILTER_COMM) || passes(comm)
    }

    /// Marks a new process as its parent's mark asks; whoever had its number before is dead. What `follow_newtask` of
    /// bpf/follow.bpf.h does.
    func forked(_ child: UInt32, by parent: UInt32) {
        guard tests(FAULT_FILTER_PROCESSES) else { return }
        let follows = processes[parent, default: 0] & UInt32(FAULT_FOLLOW) != 0
        processes[child] = follows ? UInt32(FAULT_SELECT | FAULT_FOLLOW) : nil
    }

    /// An unmarked id passes unless some ids were selected; an excluded one never does.
    private func passes(_ marks: UInt32?, _ isSelective: Bool) -> Bool {
        guard let marks else { return !isSelective }
        return marks & UInt32(FAULT_EXCLUDE) == 0 && (!isSelective || marks & UInt32(FAULT_SELECT) != 0)
    }

    private func passes(_ comm: UnsafeRawPointer) -> Bool {
        var states = settings.pointee.comm_start
        for index in 0..<Int(FAULT_COMM_LENGTH) {
            let byte = Int(comm.load(fromByteOffset: index, as: UInt8.self))
            if byte == 0 { break }
            states = (states & advance.load(fromByteOffset: byte * 8, as: UInt64.self)) << 1 | states & settings.pointee.comm_loop
        }
        if states & settings.pointee.comm_exclude != 0 { return false }
        return settings.pointee.comm_include == 0 || states & settings.pointee.comm_include != 0
    }

    // MARK: The fault

    /// What is known when a fault begins, so that one that nobody wants need not wait for its end.
    @inline(__always)
    func wants(address: UInt64, mode: UInt32) -> Bool {
        if UInt32(settings.pointee.modes) >> mode & 1 == 0 { return false }
        return !tests(FAULT_FILTER_ADDRESS)
            || address >= settings.pointee.address_low && address < settings.pointee.address_high
    }

    /// Whether a fault must have been followed to its end to pass.
    var asksForEnd: Bool { settings.pointee.minimum_latency_ns > 0 || settings.pointee.outcomes & 1 == 0 }

    /// What is known when no more will be.
    @inline(__always)
    func wants(ended record: fault_record) -> Bool {
        guard wants(traits: UInt32(record.traits)), record.latency_ns >= settings.pointee.minimum_latency_ns else { return false }
        if !tests(FAULT_FILTER_SAMPLE | FAULT_FILTER_RATE) { return true }
        let cpu = Int(record.cpu)
        while counted.count <= cpu { counted.append(Counted()) }
        return passesSampling(&counted[cpu]) && passesRate(&counted[cpu], record.time_ns &+ record.latency_ns)
    }

    @inline(__always)
    private func wants(traits: UInt32) -> Bool {
        let passes = settings.pointee.modes >> (traits >> FAULT_MODE_SHIFT & 3)
            & settings.pointee.accesses >> (traits >> FAULT_ACCESS_SHIFT & 3)
            & settings.pointee.presents >> (traits >> FAULT_PRESENT_SHIFT & 3)
            & settings.pointee.outcomes >> (traits >> FAULT_OUTCOME_SHIFT & 3) & 1
        return passes != 0
    }

    private func passesSampling(_ cpu: inout Counted) -> Bool {
        guard tests(FAULT_FILTER_SAMPLE) else { return true }
        defer { cpu.sampled &+= 1 }
        return settings.pointee.sample_every != 0 && cpu.sampled % UInt64(settings.pointee.sample_every) == 0
    }

    /// - Parameter nowNs: when the fault ended. One that nobody saw end comes with an earlier time and opens no window.
    private func passesRate(_ cpu: inout Counted, _ nowNs: UInt64) -> Bool {
        guard tests(FAULT_FILTER_RATE) else { return true }
        if nowNs >= cpu.windowNs &+ UInt64(FAULT_RATE_WINDOW_NS) { (cpu.windowNs, cpu.windowPassed) = (nowNs, 0) }
        guard cpu.windowPassed < settings.pointee.rate_limit else {
            heldBack += 1
            return false
        }
        cpu.windowPassed += 1
        return true
    }

    @inline(__always)
    private func tests(_ bit: Int32) -> Bool { settings.pointee.tests & UInt32(bit) != 0 }
}
