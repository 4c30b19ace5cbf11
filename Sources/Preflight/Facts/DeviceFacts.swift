import FaultModel
import KernelConfiguration

/// What the probes found, before anybody judges it.
struct DeviceFacts: Sendable {
    var kernel: PreflightReport.Kernel
    var config: Reading<KernelConfig>
    /// The file that the configuration came from, or the first that was looked for.
    var configPath: String
    /// Whether /sys is there: without it, a file missing from it means nothing.
    var hasSysfs: Bool
    var process: ProcessFacts
    var selinux: PreflightReport.SELinux
    var lockdown: Reading<String>
    var memlock: Reading<Memlock>
    var bpf: BPFFacts
    var perf: PerfFacts
    var tracefs: Tracefs
    var tracepoints: TracepointFacts
    var kprobes: KprobeFacts
    /// The first bytes of the kernel's type information.
    var btf: Reading<[UInt8]>
    var fentry: FentryFacts
    /// What SELinux denied to this process, as far as it can be read.
    var denials: [Denial] = []
}

/// What this process may do in the kernel's eyes.
struct ProcessFacts: Sendable {
    var capabilities: Reading<CapabilitySet>
    /// Capabilities count for tracing only there: user_namespaces(7). Nil when /proc is missing.
    var isInInitialUserNamespace: Bool?
    /// A seccomp filter can answer for the kernel: seccomp(2). Nil when /proc is missing.
    var hasSeccompFilter: Bool?
}

/// RLIMIT_MEMLOCK in bytes, `UInt64.max` for no limit: getrlimit(2).
struct Memlock: Equatable, Sendable {
    var soft: UInt64
    var hard: UInt64
    /// Whether it could be lifted, by doing it.
    var lifted: Trial
}

struct BPFFacts: Sendable {
    var map: Trial
    /// A socket filter: the kind of program that needs least.
    var program: Trial
    /// How that program was translated; nil when it did not load.
    var programSize: Reading<ProgramSize>?
    /// /proc/sys/net/core/bpf_jit_enable
    var jitEnable: Reading<String>
    var perfEventProgram: Trial
    var tracepointProgram: Trial
    /// A program that calls bpf_probe_read_kernel.
    var kernelReader: Trial
    var ringbuf: Trial
    var perfEventArray: Trial
}

/// Bytes of a loaded program: bpf_prog_info in include/uapi/linux/bpf.h.
struct ProgramSize: Equatable, Sendable {
    /// Zero when the kernel does not tell us.
    var translated: UInt32
    /// Zero when it is interpreted.
    var native: UInt32
}

struct PerfFacts: Sendable {
    /// The software event PAGE_FAULTS on CPU 0 for every process.
    var pageFaults: Trial
    /// /proc/sys/kernel/perf_event_paranoid
    var paranoid: Reading<String>
}

struct TracepointFacts: Sendable {
    /// The directory of all tracepoints.
    var directory: Trial
    var newTask: Tracepoint
    var pageFaultUser: Tracepoint
    var pageFaultKernel: Tracepoint
}

struct Tracepoint: Sendable {
    var id: Reading<UInt64>
    /// A perf event on it.
    var opened: Trial

    /// Both steps as one.
    var trial: Trial {
        switch id {
        case .success: opened
        case .failure(let errno): .refused(errno)
        }
    }
}

struct KprobeFacts: Sendable {
    /// The number of the kprobe PMU (4.17+).
    var pmuType: Reading<UInt64>
    /// A perf event on handle_mm_fault.
    var opened: Trial
    /// One on do_page_fault.
    var classic: Trial
    /// The older way: tracefs's kprobe_events.
    var eventsFile: Trial
}

/// The steps to an fentry program on handle_mm_fault.
struct FentryFacts: Sendable {
    var find: Trial
    var load: Trial
    var attach: Trial
}
