/// An option of the kernel's configuration that decides something for us.
public enum KernelOption: String, CaseIterable, Sendable {
    // What the kernel is
    case arm = "CONFIG_ARM"
    case arm64 = "CONFIG_ARM64"
    case x86_32 = "CONFIG_X86_32"
    case x86_64 = "CONFIG_X86_64"
    /// Without a prompt, and on in every kernel that has page faults: only a whole configuration mentions it.
    case mmu = "CONFIG_MMU"
    case localVersion = "CONFIG_LOCALVERSION"
    case pages4K = "CONFIG_ARM64_4K_PAGES"
    case pages16K = "CONFIG_ARM64_16K_PAGES"
    case pages64K = "CONFIG_ARM64_64K_PAGES"
    // BPF
    case bpfSyscall = "CONFIG_BPF_SYSCALL"
    case bpfJIT = "CONFIG_BPF_JIT"
    case bpfJITAlwaysOn = "CONFIG_BPF_JIT_ALWAYS_ON"
    case bpfJITDefaultOn = "CONFIG_BPF_JIT_DEFAULT_ON"
    case bpfEvents = "CONFIG_BPF_EVENTS"
    // Tracing
    case perfEvents = "CONFIG_PERF_EVENTS"
    case tracing = "CONFIG_TRACING"
    case tracepoints = "CONFIG_TRACEPOINTS"
    case kprobes = "CONFIG_KPROBES"
    case kprobeEvents = "CONFIG_KPROBE_EVENTS"
    case uprobeEvents = "CONFIG_UPROBE_EVENTS"
    case functionTracer = "CONFIG_FUNCTION_TRACER"
    /// Every configuration for an architecture of ours mentions it, and near its end.
    case ftrace = "CONFIG_FTRACE"
    case dynamicFtrace = "CONFIG_DYNAMIC_FTRACE"
    case directCalls = "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS"
    case debugInfoBTF = "CONFIG_DEBUG_INFO_BTF"
    // Policy
    case lockdown = "CONFIG_SECURITY_LOCKDOWN_LSM"
    case forcedConfidentiality = "CONFIG_LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY"
    case selinux = "CONFIG_SECURITY_SELINUX"
    // Memory
    case speculativePageFault = "CONFIG_SPECULATIVE_PAGE_FAULT"

    /// - Parameter name: as a configuration has it. Kernels of the 4.9 days call two of them without the S ("perf/core:
    ///   Rename CONFIG_[UK]PROBE_EVENT to CONFIG_[UK]PROBE_EVENTS").
    init?(name: String) {
        switch name {
        case "CONFIG_KPROBE_EVENT": self = .kprobeEvents
        case "CONFIG_UPROBE_EVENT": self = .uprobeEvents
        default: self.init(rawValue: name)
        }
    }
}
