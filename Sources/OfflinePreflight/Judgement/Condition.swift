import FaultModel
import KernelConfiguration

/// One thing that a source stands on, as the dumps answer it.
struct Condition: Equatable, Sendable {
    /// nil: the dumps do not tell.
    var holds: Bool?
    /// What the dumps say of it, a clause.
    var finding: String
    /// Whether it is an option, and its clause to stand behind "the configuration has" or "the configuration says".
    var isOption: Bool

    init(_ holds: Bool?, _ finding: String, isOption: Bool = false) {
        self.holds = holds
        self.finding = finding
        self.isOption = isOption
    }
}

extension [Condition] {
    /// All that was found, the options first and under one verb.
    var sentence: String {
        let options = filter { $0.isOption }.map { $0.finding }.joined(separator: ", ")
        let verb = contains { $0.isOption && $0.holds != true } ? "the configuration says " : "the configuration has "
        let others = filter { !$0.isOption }.map { $0.finding }
        return ((options.isEmpty ? [] : [verb + options]) + others).joined(separator: "; ")
    }
}

extension DumpFacts {
    func has(_ option: KernelOption) -> Condition {
        switch config.state(option) {
        case true?: Condition(true, option.rawValue, isOption: true)
        case false?: Condition(false, option.rawValue + " is off", isOption: true)
        case nil: Condition(nil, "nothing of " + option.rawValue, isOption: true)
        }
    }

    /// - Parameter what: what came with that version, in words.
    func isSince(_ needed: KernelVersion, _ what: String) -> Condition {
        guard let version else {
            return Condition(nil, "\(what) came with \(needed.text), and the configuration does not say its version")
        }
        return version >= needed
            ? Condition(true, "the configuration is for Linux " + version.text)
            : Condition(false, "\(what) came with \(needed.text), and this is \(version.text)")
    }

    var hasAgent: Condition {
        Condition(
            arch.hasAgent,
            arch.hasAgent == nil
                ? "the configuration does not say its architecture"
                : "there is no agent for \(arch.name), only for 64-bit arm64 and x86")
    }

    /// CONFIG_BPF_EVENTS cannot be chosen: the words name what it follows from.
    var hasBPFEvents: Condition {
        var condition = has(.bpfEvents)
        if condition.holds == false, config.state(.bpfSyscall) == true {
            let lacksProbes = config.state(.kprobeEvents) == false && config.state(.uprobeEvents) == false
            condition.finding += lacksProbes ? " (it needs CONFIG_KPROBE_EVENTS or CONFIG_UPROBE_EVENTS)" : ""
        }
        return condition
    }

    /// What every program stands on that is attached to an event.
    var runsBPF: [Condition] {
        let syscall = has(.bpfSyscall)
        // The others follow from it, and would only say it again.
        return syscall.holds == false ? [hasAgent, syscall] : [hasAgent, syscall, has(.perfEvents), hasBPFEvents]
    }

    /// What the list of symbols says of one; nothing without a list, or where only a part is there.
    func hasSymbol(_ symbol: KernelSymbol) -> Condition? {
        symbols?.contains(symbol).map { isThere in
            isThere ? Condition(true, symbol.rawValue) : Condition(false, "the kernel has no function \(symbol.rawValue)")
        }
    }

    /// Whether a kprobe finds handle_mm_fault or what some vendors have in its place.
    var hasProbedFault: Condition? {
        let substitute = hasSymbol(.doHandleFault)
        return substitute?.holds == true ? substitute : hasHandleFault
    }

    /// Whether a trampoline finds handle_mm_fault; the list of symbols decides, if there is one.
    var hasHandleFault: Condition? {
        if let listed = hasSymbol(.handleFault) { return listed }
        guard mayLackHandleFault else { return nil }
        return Condition(
            nil,
            "with \(KernelOption.speculativePageFault.rawValue) Android's 5.15 kernels have do_handle_mm_fault in place of "
                + "handle_mm_fault, which --kallsyms tells")
    }

    /// kernel_lockdown(7): confidentiality closes kprobes, and tracefs, without which tp_btf may still reach a tracepoint.
    func isOpen(otherwise holds: Bool?) -> Condition? {
        isForcedConfidential ? Condition(holds, KernelOption.forcedConfidentiality.rawValue + " closes the usual way") : nil
    }
}
