import CFaultObjects
import FaultModel

/// One way to attach to a source: an object, programs in it, and where they go.
enum AttachPlan: CaseIterable, Sendable {
    /// The exceptions tracepoints through tp_btf: about half the cost, needs BTF.
    case exceptionsBTF
    /// The exceptions tracepoints as every kernel has them.
    case exceptionsTracepoint
    /// PAGE_FAULTS on every CPU.
    case pageFaultEvents

    /// The ways to attach to a source, best first.
    static func plans(for source: FaultSource) -> [AttachPlan] {
        switch source {
        case .tracepoint: [.exceptionsBTF, .exceptionsTracepoint]
        case .perfBPF: [.pageFaultEvents]
        case .fentry, .kprobe, .perfRing: []
        }
    }

    /// For people.
    var name: String {
        switch self {
        case .exceptionsBTF: "tp_btf"
        case .exceptionsTracepoint: "tracepoint"
        case .pageFaultEvents: "PAGE_FAULTS on each CPU"
        }
    }

    /// The object that holds the programs for a transport, or nil where there is none.
    func object(for transport: Transport) -> fault_object? {
        switch (self, transport) {
        case (.exceptionsBTF, .ringbuf): fault_object_btf_ringbuf()
        case (.exceptionsBTF, .perfbuf), (_, .perfRing): nil
        case (.exceptionsTracepoint, .ringbuf), (.pageFaultEvents, .ringbuf): fault_object_ringbuf()
        case (.exceptionsTracepoint, .perfbuf), (.pageFaultEvents, .perfbuf): fault_object_perfbuf()
        }
    }

    /// The programs that see faults of these modes; none given means all.
    func programs(for modes: [FaultMode]) -> [String] {
        let user = modes.isEmpty || modes.contains(.user)
        let kernel = modes.isEmpty || modes.contains(.kernel)
        return switch self {
        case .exceptionsBTF:
            (user ? ["page_fault_user_btf"] : []) + (kernel ? ["page_fault_kernel_btf"] : [])
        case .exceptionsTracepoint:
            (user ? ["page_fault_user_tracepoint"] : []) + (kernel ? ["page_fault_kernel_tracepoint"] : [])
        case .pageFaultEvents: ["page_fault_perf_event"]
        }
    }

    /// The program that marks the children of followed processes, in each object.
    static let followProgram = "follow_newtask"
}
