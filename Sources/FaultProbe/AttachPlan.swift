import CFaultObjects
import CLibbpf
import FaultModel

/// One way to see the faults of a source with BPF: a base that gives one event for each fault, and what adds columns to it.
struct AttachPlan: Equatable, Sendable {
    /// What makes an event.
    enum Base: Sendable {
        /// The exceptions tracepoints through tp_btf: about half the cost.
        case rawExceptions
        /// The exceptions tracepoints as every x86 kernel has them.
        case exceptions
        /// fentry on do_mem_abort (arm64).
        case memoryAborts
        /// The software event PAGE_FAULTS on each CPU.
        case pageFaults
    }

    /// Where handle_mm_fault's flags are read, for a base that does not know the access.
    enum Access: Sendable {
        case fentry, kprobe
    }

    let base: Base
    var access: Access?
    /// Whether the programs are those that read the task through the kernel's BTF.
    let usesBTF: Bool

    /// The ways to attach to a source, best first.
    static func plans(for source: FaultSource) -> [AttachPlan] {
        switch source {
        case .tracepoint: [AttachPlan(base: .rawExceptions, usesBTF: true), AttachPlan(base: .exceptions, usesBTF: false)]
        case .fentry: fentryPlans
        case .kprobe: [true, false].map { AttachPlan(base: .pageFaults, access: .kprobe, usesBTF: $0) }
        case .perfBPF: [true, false].map { AttachPlan(base: .pageFaults, usesBTF: $0) }
        case .perfRing: []
        }
    }

    private static var fentryPlans: [AttachPlan] {
        #if arch(arm64)
        [AttachPlan(base: .memoryAborts, usesBTF: true), AttachPlan(base: .pageFaults, access: .fentry, usesBTF: true)]
        #else
        [AttachPlan(base: .pageFaults, access: .fentry, usesBTF: true)]
        #endif
    }

    /// For people.
    var name: String {
        let base = switch self.base {
        case .rawExceptions: "tp_btf"
        case .exceptions: "tracepoint"
        case .memoryAborts: "fentry do_mem_abort"
        case .pageFaults: "PAGE_FAULTS on each CPU"
        }
        return switch access {
        case nil: base
        case .fentry?: base + " and fentry handle_mm_fault"
        case .kprobe?: base + " and kprobe handle_mm_fault"
        }
    }

    /// The object that holds the programs for a transport, or nil where there is none.
    func object(for transport: Transport) -> fault_object? {
        switch (usesBTF, transport) {
        case (true, .ringbuf): fault_object_btf_ringbuf()
        case (false, .ringbuf): fault_object_ringbuf()
        case (false, .perfbuf): fault_object_perfbuf()
        case (true, .perfbuf): fault_object_btf_perfbuf()
        case (_, .perfRing): nil
        }
    }

    /// Whether the base knows too little to be handed on before the fault's end.
    var needsEnd: Bool { access != nil }

    // MARK: Programs

    /// The base's programs that see faults of these modes; none given means all.
    func basePrograms(for modes: [FaultMode]) -> [Attachment] {
        let user = modes.isEmpty || modes.contains(.user)
        let kernel = modes.isEmpty || modes.contains(.kernel)
        return switch base {
        case .rawExceptions:
            (user ? [.bySection("page_fault_user_btf")] : []) + (kernel ? [.bySection("page_fault_kernel_btf")] : [])
        case .exceptions:
            (user ? [.bySection("page_fault_user_tracepoint")] : [])
                + (kernel ? [.bySection("page_fault_kernel_tracepoint")] : [])
        case .memoryAborts: [.bySection("memory_abort_entry")]
        case .pageFaults: [.onEachCPU("page_fault_event", .pageFaults)]
        }
    }

    var accessPrograms: [Attachment] {
        switch access {
        case nil: []
        case .fentry?: [.bySection("handle_mm_fault_entry")]
        case .kprobe?: [.onFunction("handle_mm_fault_kprobe", ["handle_mm_fault", "do_handle_mm_fault"])]
        }
    }

    /// Those that see a fault completed.
    var endPrograms: [Attachment] {
        switch base {
        case .memoryAborts: [.bySection("memory_abort_exit"), .bySection("handle_mm_fault_exit")]
        case .rawExceptions, .exceptions, .pageFaults:
            [.onEachCPU("minor_fault_event", .minorFaults), .onEachCPU("major_fault_event", .majorFaults)]
        }
    }

    /// Those that see a fault end without being completed, and threads end.
    var failurePrograms: [Attachment] { [.bySection("signal_generate_raw"), .bySection("process_exit_raw")] }

    /// The program that marks the children of followed processes, in each object.
    static let followProgram = Attachment.bySection("follow_newtask")
}

/// A program and where it goes.
enum Attachment: Equatable, Sendable {
    /// Where its section's name says.
    case bySection(String)
    /// A kprobe on the first of these functions that the kernel has: Android's 5.15 with speculative page faults has
    /// handle_mm_fault inline alone, over do_handle_mm_fault, whose first three arguments are the same.
    case onFunction(String, [String])
    case onEachCPU(String, SoftwareEvent)

    var program: String {
        switch self {
        case .bySection(let name), .onFunction(let name, _), .onEachCPU(let name, _): name
        }
    }
}

/// perf's software events for page faults: PERF_COUNT_SW_* in include/uapi/linux/perf_event.h.
enum SoftwareEvent: UInt64, Sendable {
    case pageFaults = 2
    case minorFaults = 5
    case majorFaults = 6

    var name: String {
        switch self {
        case .pageFaults: "PAGE_FAULTS"
        case .minorFaults: "PAGE_FAULTS_MIN"
        case .majorFaults: "PAGE_FAULTS_MAJ"
        }
    }
}
