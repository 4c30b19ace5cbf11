import CFaultRecord
import FaultModel

/// A filter as the BPF programs read it: settings for the map `filter`, marks for `processes`, `threads` and `users`.
struct KernelFilter {
    /// How many processes can be marked when children are followed.
    static let followedProcesses: UInt32 = 32768

    private(set) var settings = fault_filter()
    private(set) var processes: [UInt32: UInt32] = [:]
    private(set) var threads: [UInt32: UInt32] = [:]
    private(set) var users: [UInt32: UInt32] = [:]
    private(set) var follows: Bool

    /// - Parameter request: with the processes that are never traced, such as the agent itself.
    /// - Parameter flow: FAULT_FLOW_*.
    /// - Parameter wakeAtBytes: how full the ring buffer is when its reader is woken.
    init(_ request: ProbeRequest, flow: UInt32 = 0, wakeAtBytes: UInt64) throws(ProbeError) {
        let filter = request.filter
        follows = request.followsProcesses
        settings.excluded_pids = request.ownPids
        settings.half_full = wakeAtBytes
        settings.flow = flow
        setTraits(filter)
        mark(filter, followedParent: request.followedParent)
        setAddresses(filter)
        try setComms(filter)
        setCounted(filter)
        // Round zero is that of slots that nobody has used yet.
        settings.tally_round = 1 << UInt32(FAULT_TALLY_ROUND_SHIFT)
        if countsAll { settings.flow |= UInt32(FAULT_FLOW_TALLY_ALL) }
    }

    /// - Parameter followed: how many processes to leave room for where children are followed.
    func processCapacity(followed: UInt32 = followedProcesses) -> UInt32 { UInt32(max(1, processes.count)) + (follows ? followed : 0) }
    var threadCapacity: UInt32 { UInt32(max(1, threads.count)) }
    var userCapacity: UInt32 { UInt32(max(1, users.count)) }

    // MARK: The tests

    private mutating func setTraits(_ filter: FaultFilter) {
        settings.modes = mask(filter.modes.map { $0.rawValue })
        settings.accesses = mask(filter.accesses.map { $0.rawValue })
        settings.outcomes = mask(filter.outcomes.map { $0.rawValue })
        settings.minimum_latency_ns = filter.minimumLatencyNs
        settings.presents = switch filter.present {
        case nil: mask([])
        case false?: mask([UInt8(FAULT_PRESENT_NO.rawValue)])
        case true?: mask([UInt8(FAULT_PRESENT_YES.rawValue)])
        }
    }

    /// One bit a wanted value; nothing wanted means everything, also what the source cannot tell.
    private func mask(_ values: [UInt8]) -> UInt8 { values.isEmpty ? 0xf : values.reduce(0) { $0 | 1 << $1 } }

    private mutating func mark(_ filter: FaultFilter, followedParent: UInt32?) {
        let selected = UInt32(FAULT_SELECT) | (filter.followsChildren ? UInt32(FAULT_FOLLOW) : 0)
        for pid in filter.pids { processes[pid, default: 0] |= selected }
        for pid in filter.excludedPids { processes[pid, default: 0] |= UInt32(FAULT_EXCLUDE) }
        if let followedParent { processes[followedParent, default: 0] |= UInt32(FAULT_FOLLOW) }
        for tid in filter.tids { threads[tid] = UInt32(FAULT_SELECT) }
        for uid in filter.uids { users[uid, default: 0] |= UInt32(FAULT_SELECT) }
        for uid in filter.excludedUids { users[uid, default: 0] |= UInt32(FAULT_EXCLUDE) }
        if !processes.isEmpty { test(FAULT_FILTER_PROCESSES) }
        if !filter.pids.isEmpty || followedParent != nil { test(FAULT_FILTER_SELECT_PROCESSES) }
        if !threads.isEmpty { test(FAULT_FILTER_THREADS) }
        if !users.isEmpty { test(FAULT_FILTER_USERS) }
        if !filter.uids.isEmpty { test(FAULT_FILTER_SELECT_USERS) }
    }

    private mutating func setAddresses(_ filter: FaultFilter) {
        guard let addresses = filter.addresses else { return }
        test(FAULT_FILTER_ADDRESS)
        settings.address_low = addresses.lowerBound
        settings.address_high = addresses.upperBound
    }

    private mutating func setComms(_ filter: FaultFilter) throws(ProbeError) {
        guard !filter.comms.isEmpty || !filter.excludedComms.isEmpty else { return }
        let automaton = try CommAutomaton(include: filter.comms, exclude: filter.excludedComms)
        test(FAULT_FILTER_COMM)
        settings.comm_start = automaton.start
        settings.comm_loop = automaton.loop
        settings.comm_include = automaton.include
        settings.comm_exclude = automaton.exclude
        withUnsafeMutableBytes(of: &settings.comm_advance) { bytes in
            for (byte, states) in automaton.advance.enumerated() {
                bytes.storeBytes(of: states, toByteOffset: byte * 8, as: UInt64.self)
            }
        }
    }

    /// What counts the faults that have passed everything else.
    private mutating func setCounted(_ filter: FaultFilter) {
        settings.sample_every = filter.sampleEvery
        settings.rate_limit = filter.rateLimit
        if filter.sampleEvery > 1 { test(FAULT_FILTER_SAMPLE) }
        if filter.rateLimit > 0 { test(FAULT_FILTER_RATE) }
    }

    /// Whether every fault is counted, and no more is to be known of it.
    private var countsAll: Bool {
        settings.flow & UInt32(FAULT_FLOW_TALLY | FAULT_FLOW_PENDING) == UInt32(FAULT_FLOW_TALLY) && settings.tests == 0 && !follows
            && settings.modes & settings.accesses & settings.presents & settings.outcomes == mask([])
    }

    private mutating func test(_ bit: Int32) { settings.tests |= UInt32(bit) }
}
