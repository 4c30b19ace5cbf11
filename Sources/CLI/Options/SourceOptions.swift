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
    public var defaultValueDescription: String { name }
}

/// perf_ring has a transport of its own, which there is no point in asking for.
extension Transport: ExpressibleByArgument {
    private static let choices: [Transport] = [.ringbuf, .perfbuf]

    public init?(argument: String) {
        self.init(name: argument)
        guard Self.choices.contains(self) else { return nil }
    }

    public static var allValueStrings: [String] { choices.map(\.name) }
    public var defaultValueDescription: String { name }
}
