public import ArgumentParser
public import FaultModel

/// How the kernel is asked for faults.
struct SourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where faults are seen; the device's best if not given.", valueName: "name"))
    var source: FaultSource?

    @Option(help: ArgumentHelp("How they leave the kernel; the device's best if not given.", valueName: "name"))
    var transport: Transport?

    @Option(
        help: ArgumentHelp(
            "The kernel buffer in all, rounded up to what the kernel takes: 512K, 16M, 1G.", valueName: "size"))
    var buffer: ByteSize?

    @Flag(help: "Leave out outcome, latency and cause: about half of what a fault costs.")
    var noOutcome = false

    func validate() throws {
        if let buffer, buffer.bytes > 1 << 30 { throw ValidationError("--buffer can be 1G at the most.") }
        if buffer?.bytes == 0 { throw ValidationError("--buffer 0 leaves no room for a single event.") }
    }
}

extension FaultSource: ExpressibleByArgument {
    public init?(argument: String) { self.init(name: argument) }
    public static var allValueStrings: [String] { allCases.map(\.name) }
    public static var allValueDescriptions: [String: String] { .init(uniqueKeysWithValues: allCases.map { ($0.name, $0.abstract) }) }

    private var abstract: String {
        switch self {
        case .tracepoint: "exceptions:page_fault_user and _kernel (x86)"
        case .fentry: "trampolines at handle_mm_fault, do_mem_abort"
        case .kprobe: "probes at handle_mm_fault and its return"
        case .perfBPF: "BPF on the page-faults software event"
        case .perfRing: "perf's own ring; works without BPF"
        }
    }
}

/// perf_ring has a transport of its own, which there is no point in asking for.
extension Transport: ExpressibleByArgument {
    private static let choices: [Transport] = [.ringbuf, .perfbuf]

    public init?(argument: String) {
        self.init(name: argument)
        guard Self.choices.contains(self) else { return nil }
    }

    public static var allValueStrings: [String] { choices.map(\.name) }
    public static var allValueDescriptions: [String: String] {
        [Transport.ringbuf.name: "one for all CPUs, from Linux 5.8", Transport.perfbuf.name: "one for each CPU, on every kernel"]
    }
}
