/// One thing the preflight looks at; the raw value is its name in JSON and on the wire.
public enum CheckID: String, CaseIterable, Sendable {
    case kernelVersion = "kernel_version"
    case kernelConfig = "kernel_config"
    case pageSize = "page_size"
    case capabilities
    case selinux
    case lockdown
    case memlock
    case bpfSyscall = "bpf_syscall"
    case bpfJIT = "bpf_jit"
    case bpfEvents = "bpf_events"
    case ringbuf
    case perfEvents = "perf_events"
    case tracefs
    case tracepoints
    case exceptionsTracepoint = "exceptions_tracepoints"
    case kprobes
    case btf
    case fentry
}

/// What a check found. `unknown` is an answer of its own: the question could not be put.
public enum CheckStatus: UInt8, CaseIterable, Sendable {
    case pass = 1
    case warn = 2
    case fail = 3
    case unknown = 4

    public var name: String {
        switch self {
        case .pass: "pass"
        case .warn: "warn"
        case .fail: "fail"
        case .unknown: "unknown"
        }
    }
}

/// One line of the preflight.
public struct Check: Equatable, Sendable {
    public var id: CheckID
    public var status: CheckStatus
    /// What was found, with the errno or the value read.
    public var found: String
    /// What the finding costs and what to do about it; nil where nothing is wrong.
    public var remedy: String?

    public init(_ id: CheckID, _ status: CheckStatus, found: String, remedy: String? = nil) {
        self.id = id
        self.status = status
        self.found = found
        self.remedy = remedy
    }
}

