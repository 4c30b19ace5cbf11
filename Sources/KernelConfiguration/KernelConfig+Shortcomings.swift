/// What a configuration costs us.
public struct Shortcomings: Equatable, Sendable {
    /// The options at fault: `CONFIG_KPROBES is off`.
    public var findings: String
    /// What they cost, in sentences.
    public var cost: String
    /// Whether they cost every source with BPF, or every source.
    public var areGrave: Bool
}

extension KernelConfig {
    /// The options that should be on and are off, and those that do harm; nil for none.
    public var shortcomings: Shortcomings? {
        let missing = KernelOption.allCases.filter { $0.purpose != nil && state($0) == false }
        let isSpeculative = isOn(.speculativePageFault)
        if missing.isEmpty, !isSpeculative { return nil }
        var findings = missing.map { $0.rawValue + " is off" }
        if isSpeculative { findings.append(KernelOption.speculativePageFault.rawValue + " is on") }
        var costs = missing.isEmpty ? [] : [cost(of: missing)]
        if isSpeculative { costs.append(Self.speculationCost) }
        return Shortcomings(
            findings: findings.joined(separator: ", "), cost: costs.joined(separator: " "),
            areGrave: missing.contains { $0.isRequired })
    }

    private func cost(of missing: [KernelOption]) -> String {
        var purposes: [String] = []
        for option in missing {
            if let purpose = option.purpose, !purposes.contains(purpose) { purposes.append(purpose) }
        }
        return "Costs " + purposes.joined(separator: " and ") + "; only a kernel built with these options has it."
    }

    /// Vendors have carried that patch since 4.9, upstream never. A fault that ends there has been counted as PAGE_FAULTS,
    /// but was never in handle_mm_fault.
    public static let speculationCost =
        "Faults that end on the speculative path never enter handle_mm_fault: through kprobe they come without access, so do "
        + "not take a missing access for a read."
}

extension KernelOption {
    /// What is lost when it is off; nil when that is no loss.
    fileprivate var purpose: String? {
        switch self {
        case .bpfSyscall, .bpfEvents: "every source with BPF"
        case .perfEvents: "every source"
        case .bpfJIT: "the speed of BPF programs"
        case .tracepoints: "the tracepoint source"
        case .kprobes, .kprobeEvents: "the kprobe source"
        case .functionTracer, .dynamicFtrace, .directCalls, .debugInfoBTF: "the fentry source"
        default: nil
        }
    }

    fileprivate var isRequired: Bool { self == .bpfSyscall || self == .bpfEvents || self == .perfEvents }
}
