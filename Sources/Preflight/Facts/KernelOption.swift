/// An option of the kernel's configuration that decides something for us.
enum KernelOption: String, CaseIterable, Sendable {
    case bpfSyscall = "CONFIG_BPF_SYSCALL"
    case bpfJIT = "CONFIG_BPF_JIT"
    case bpfJITAlwaysOn = "CONFIG_BPF_JIT_ALWAYS_ON"
    case bpfEvents = "CONFIG_BPF_EVENTS"
    case perfEvents = "CONFIG_PERF_EVENTS"
    case tracepoints = "CONFIG_TRACEPOINTS"
    case kprobes = "CONFIG_KPROBES"
    case kprobeEvents = "CONFIG_KPROBE_EVENTS"
    case functionTracer = "CONFIG_FUNCTION_TRACER"
    case dynamicFtrace = "CONFIG_DYNAMIC_FTRACE"
    case debugInfoBTF = "CONFIG_DEBUG_INFO_BTF"
    case lockdown = "CONFIG_SECURITY_LOCKDOWN_LSM"
    case selinux = "CONFIG_SECURITY_SELINUX"
    case speculativePageFault = "CONFIG_SPECULATIVE_PAGE_FAULT"
}
