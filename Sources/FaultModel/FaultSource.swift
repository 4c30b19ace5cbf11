/// Where a kernel lets us see page faults, best first.
public enum FaultSource: UInt8, CaseIterable, Sendable {
    /// exceptions:page_fault_user and page_fault_kernel: x86 alone, with the processor's error code.
    case tracepoint = 1
    /// fentry and fexit programs: do_mem_abort on arm64, with its syndrome, handle_mm_fault elsewhere.
    case fentry = 2
    /// PAGE_FAULTS, and a kprobe on handle_mm_fault that adds the access.
    case kprobe = 3
    /// A BPF program on perf's software event PAGE_FAULTS, on every CPU: every architecture.
    case perfBPF = 4
    /// The same event through perf's own ring buffer, without BPF.
    case perfRing = 5

    public var name: String {
        switch self {
        case .tracepoint: "tracepoint"
        case .fentry: "fentry"
        case .kprobe: "kprobe"
        case .perfBPF: "perf_bpf"
        case .perfRing: "perf_ring"
        }
    }

    /// What this source tells of each fault on a kernel that lets it tell everything.
    public var columns: [Column] {
        let never: [Column] = switch self {
        case .tracepoint, .fentry: []
        case .kprobe: [.present, .errorCode]
        case .perfBPF, .perfRing: [.access, .present, .errorCode]
        }
        return Column.allCases.filter { !never.contains($0) }
    }

    public init?(name: String) {
        guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

/// How records travel from the BPF programs to the agent.
public enum Transport: UInt8, CaseIterable, Sendable {
    /// One BPF ring buffer for all CPUs (5.8+).
    case ringbuf = 1
    /// A perf event array: one buffer a CPU (4.4+).
    case perfbuf = 2
    /// Perf's own ring buffers, three a CPU, without BPF.
    case perfRing = 3

    public var name: String {
        switch self {
        case .ringbuf: "ringbuf"
        case .perfbuf: "perfbuf"
        case .perfRing: "perf_ring"
        }
    }

    public init?(name: String) {
        guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}

/// One thing that can be known of a fault; the raw value is its number on the wire.
public enum Column: UInt8, CaseIterable, Sendable {
    case time, cpu, pid, tid, uid, comm, address, ip, mode, access, present, errorCode, outcome, latency, cause

    /// The key in JSON lines and the heading in CSV.
    public var name: String {
        switch self {
        case .time: "time_ns"
        case .cpu: "cpu"
        case .pid: "pid"
        case .tid: "tid"
        case .uid: "uid"
        case .comm: "comm"
        case .address: "address"
        case .ip: "ip"
        case .mode: "mode"
        case .access: "access"
        case .present: "present"
        case .errorCode: "error_code"
        case .outcome: "outcome"
        case .latency: "latency_ns"
        case .cause: "cause"
        }
    }
}
