import FaultModel
import KernelConfiguration

extension DumpFacts {
    /// Whether a source can work by what the dumps say, and what it would tell.
    func judge(_ source: FaultSource) -> SourceVerdict {
        let conditions = conditions(of: source)
        let refused = conditions.filter { $0.holds == false }
        let open = conditions.filter { $0.holds == nil }
        if !refused.isEmpty { return SourceVerdict(source, usable: false, reason: refused.sentence) }
        let columns = columns(of: source)
        return SourceVerdict(
            source, usable: open.isEmpty ? true : nil,
            reason: open.isEmpty ? promise(of: source, conditions) : "open: " + open.sentence,
            columns: columns, missing: missing(from: source, columns))
    }

    func conditions(of source: FaultSource) -> [Condition] {
        switch source {
        case .tracepoint: tracepointConditions
        case .fentry: fentryConditions
        case .kprobe: kprobeConditions
        case .perfBPF: perfBPFConditions
        case .perfRing: perfRingConditions
        }
    }

    /// What a configuration can promise, and what it cannot.
    private func promise(of source: FaultSource, _ conditions: [Condition]) -> String {
        conditions.filter { $0.isOption }.sentence + speculation(in: source)
            + "; whether policy lets the agent use it shows only on the device"
    }

    /// Which faults a source does not see whole where vendor code finishes some by itself.
    private func speculation(in source: FaultSource) -> String {
        switch source {
        case .kprobe where isSpeculative: "; faults that end on the speculative path come without access"
        case .fentry where isSpeculative && arch != .arm64: "; faults that end on the speculative path are not seen"
        default: ""
        }
    }
}

// MARK: - What each stands on

extension DumpFacts {
    /// BPF programs on tracepoints came with 4.7 (commit 98b5c2c65c29).
    private var tracepointConditions: [Condition] {
        if arch == .x86 || tracepoints != nil || arch.hasAgent != true {
            return runsBPF + [
                has(.tracepoints), exceptionsTracepoints, isSince(KernelVersion(4, 7), "BPF on tracepoints"),
            ] + [isOpen(otherwise: nil)].compactMap { $0 }
        }
        return [exceptionsTracepoints]
    }

    /// The list decides; without one, every x86 kernel since 3.13 has them and no arm64 kernel so far (measured up to 7.2).
    var exceptionsTracepoints: Condition {
        let names = ["exceptions:page_fault_user", "exceptions:page_fault_kernel"]
        if let tracepoints {
            let missing = names.filter { !tracepoints.contains($0) }
            return missing.isEmpty
                ? Condition(arch == .x86 ? true : nil, "the list has " + names.joined(separator: " and "))
                : Condition(false, "the list has no " + missing.joined(separator: " and no "))
        }
        switch arch {
        case .x86: return Condition(true, names.joined(separator: ", "))
        case .unknown: return Condition(nil, "only x86 has " + names[0])
        case .arm64, .other: return Condition(false, "only x86 has \(names[0]), this is \(arch.name)")
        }
    }

    /// BPF trampolines that are called by ftrace: x86 since 5.5 (commit fec56f5890d9), arm64 since 6.4 (commit 2aa6ac03516d,
    /// never together with CFI). CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS says so on both; without it a program loads, and
    /// attaching it ends in ENOTSUPP.
    private var fentryConditions: [Condition] {
        let options: [KernelOption] = [.bpfJIT, .debugInfoBTF, .functionTracer, .dynamicFtrace]
        let hook = arch == .arm64 ? hasSymbol(.doMemAbort) : hasHandleFault
        return runsBPF + options.map(has) + [hasDirectCalls]
            + [hook, hasSymbol(.registerDirect), canPrepareTrampoline].compactMap { $0 }
    }

    private var hasDirectCalls: Condition {
        var condition = has(.directCalls)
        let first = arch == .arm64 ? KernelVersion(6, 4) : KernelVersion(5, 5)
        if condition.holds == false, let version, version < first {
            condition.finding += " (\(arch.name) has it from \(first.text) on)"
        }
        return condition
    }

    private var canPrepareTrampoline: Condition? {
        guard let condition = hasSymbol(.prepareTrampoline) else { return nil }
        return symbols?.isWeak(.prepareTrampoline) == true
            ? Condition(false, "arch_prepare_bpf_trampoline is only the weak one, which refuses") : condition
    }

    /// PAGE_FAULTS through BPF, and a kprobe for the access.
    private var kprobeConditions: [Condition] {
        let probes = config.state(.kprobes) == false ? [has(.kprobes)] : [has(.kprobes), has(.kprobeEvents)]
        return perfBPFConditions + probes + [hasProbedFault, isOpen(otherwise: false)].compactMap { $0 }
    }

    /// 4.9 has programs on perf events (commit 0515e5999a46), 4.17 tells them the address ("bpf: add support to read sample
    /// address in bpf program"): before, the verifier refuses a program that reads it.
    private var perfBPFConditions: [Condition] {
        runsBPF + [isSince(KernelVersion(4, 17), "the address in BPF programs on perf events")]
    }

    /// A clock can be chosen since 4.1 (commit 34f439278cef). A configuration that hides its version is taken for a newer
    /// one: no device that is traced today has an older kernel.
    private var perfRingConditions: [Condition] {
        let clock = isSince(KernelVersion(4, 1), "a clock of one's choice for perf events")
        return [hasAgent, has(.perfEvents)] + (clock.holds == nil ? [] : [clock])
    }
}
