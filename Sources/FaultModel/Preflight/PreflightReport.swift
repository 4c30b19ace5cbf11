/// What a device can give, and why not more.
public struct PreflightReport: Equatable, Sendable {
    public enum Verdict: UInt8, CaseIterable, Sendable {
        /// A source with BPF works.
        case ready = 1
        /// Something works, without BPF or with only part of the columns.
        case limited = 2
        /// Nothing works.
        case blocked = 3
    }

    /// Whether the answers come from the running kernel or from dumps of its configuration.
    public enum Basis: UInt8, CaseIterable, Sendable {
        case live = 1
        case dump = 2
    }

    public struct Kernel: Equatable, Sendable {
        public var release: String
        public var arch: String
        public var pageSize: UInt32

        public init(release: String, arch: String, pageSize: UInt32) {
            self.release = release
            self.arch = arch
            self.pageSize = pageSize
        }

        /// nil where the release does not begin with one.
        public var version: KernelVersion? { KernelVersion(release: release) }
    }

    public struct SELinux: Equatable, Sendable {
        public enum Mode: UInt8, CaseIterable, Sendable {
            case enforcing = 1
            case permissive = 2
            case disabled = 3
            case unknown = 4
        }

        public var mode: Mode
        /// The agent's own domain, as /proc/self/attr/current has it.
        public var domain: String?

        public init(mode: Mode, domain: String?) {
            self.mode = mode
            self.domain = domain
        }
    }

    public var basis: Basis
    public var kernel: Kernel
    public var selinux: SELinux
    /// Best source first.
    public var sources: [SourceVerdict]
    public var checks: [Check]

    public init(basis: Basis, kernel: Kernel, selinux: SELinux, sources: [SourceVerdict], checks: [Check]) {
        self.basis = basis
        self.kernel = kernel
        self.selinux = selinux
        self.sources = sources
        self.checks = checks
    }

    /// The source that a trace takes when it is not told which.
    public var source: FaultSource? { best?.source }

    /// What that source tells of each fault.
    public var columns: [Column] { best?.columns ?? [] }

    /// Every other column, and why the trace will not have it.
    public var missing: [MissingColumn] { best?.missing ?? [] }

    /// Without the outcome the causes of faults, and what they cost, stay in the dark.
    public var verdict: Verdict {
        guard let best else { return .blocked }
        return best.source == .perfRing || !best.columns.contains(.outcome) ? .limited : .ready
    }

    private var best: SourceVerdict? { sources.first { $0.usable == true } }
}

extension PreflightReport.Verdict {
    public var name: String {
        switch self {
        case .ready: "ready"
        case .limited: "limited"
        case .blocked: "blocked"
        }
    }

    /// The exit status of `preflight`.
    public var exitStatus: Int32 { self == .blocked ? 1 : 0 }
}

extension PreflightReport.Basis {
    public var name: String {
        switch self {
        case .live: "live"
        case .dump: "dump"
        }
    }
}

extension PreflightReport.SELinux.Mode {
    public var name: String {
        switch self {
        case .enforcing: "enforcing"
        case .permissive: "permissive"
        case .disabled: "disabled"
        case .unknown: "unknown"
        }
    }
}
