/// Capabilities of a process: capabilities(7).
struct CapabilitySet: OptionSet, Sendable {
    var rawValue: UInt64

    static let ipcLock = CapabilitySet(rawValue: 1 << 14)
    static let sysPtrace = CapabilitySet(rawValue: 1 << 19)
    static let sysAdmin = CapabilitySet(rawValue: 1 << 21)
    static let sysResource = CapabilitySet(rawValue: 1 << 24)
    /// Out of CAP_SYS_ADMIN since 5.8, as is CAP_BPF.
    static let perfmon = CapabilitySet(rawValue: 1 << 38)
    static let bpf = CapabilitySet(rawValue: 1 << 39)

    /// Whether the kernel lets its holder load tracing programs and watch every process.
    var canTrace: Bool { contains(.sysAdmin) || contains([.bpf, .perfmon]) }

    /// What is missing for that, in words; nil for nothing.
    var missing: String? {
        if canTrace { return nil }
        if contains(.bpf) { return "CAP_PERFMON" }
        if contains(.perfmon) { return "CAP_BPF" }
        return "CAP_SYS_ADMIN (or CAP_BPF and CAP_PERFMON)"
    }
}
