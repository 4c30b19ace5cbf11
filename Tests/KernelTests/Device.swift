import Foundation
import Testing

/// The machine whose kernel is under test, as `Tests/run` describes it in the environment.
enum Device {
    private static let environment = ProcessInfo.processInfo.environment

    /// The controller.
    static let faultline = environment["FAULTLINE_UNDER_TEST"] ?? "build/bin/faultline"
    /// `Tests/Workload/faults.c`, as the device's path.
    static let workload = environment["FAULTLINE_WORKLOAD"] ?? "build/tests/faults"
    /// Where an agent listens on another machine, or nil for this machine.
    static let address = environment["FAULTLINE_CONNECT"]
    static let pageSize = UInt64(environment["FAULTLINE_PAGE_SIZE"] ?? "4096")!

    /// A folder of the device's on a disk, where the workload makes its files.
    static let folder = environment["FAULTLINE_FOLDER"] ?? FileManager.default.currentDirectoryPath + "/build/tests"
    /// Whether the device has swap that reads no page ahead.
    static let swaps = environment["FAULTLINE_SWAPS"] == "yes"

    /// The matrix: what this kernel is called there, and the file for its cells.
    static let name = environment["FAULTLINE_KERNEL"] ?? "this machine"
    static let cells = environment["FAULTLINE_MATRIX_OUT"]

    static var isThisMachine: Bool { address == nil }

    /// The options that name it.
    static var target: [String] { address.map { ["--connect", $0] } ?? ["--local"] }

    /// The sources that must work there; a tier that finds fewer has failed.
    static let sources = (environment["FAULTLINE_SOURCES"] ?? "tracepoint,perf_bpf").split(separator: ",").map(String.init)

    /// Every way in which records travel from every source.
    static let ways: [Way] = sources.flatMap { source in ["ringbuf", "perfbuf"].map { Way(source: source, transport: $0) } }

    /// And perf's own rings, which are on every kernel with perf events.
    static let allWays = ways + [Way(source: "perf_ring", transport: "perf_ring")]

    /// The first source, which tells most.
    static var best: Way { ways[0] }

    static var tellsAccess: Bool { sources.contains("tracepoint") }
}

/// A source with a transport.
struct Way: CustomTestStringConvertible, Sendable {
    var source: String
    var transport: String

    /// Whichever transport the agent takes.
    static let anyTransport = "any"

    /// Perf's own ring has no choice of transport.
    var hasChoice: Bool { transport != source && transport != Self.anyTransport }
    var options: [String] { ["--source", source] + (hasChoice ? ["--transport", transport] : []) }
    var testDescription: String { hasChoice ? "\(source) x \(transport)" : source }

    /// All that there are, on whichever kernel.
    static let sources = ["tracepoint", "fentry", "kprobe", "perf_bpf", "perf_ring"]
    static let all =
        sources.dropLast().flatMap { source in
            ["ringbuf", "perfbuf"].map { Way(source: source, transport: $0) }
        } + [Way(source: "perf_ring", transport: "perf_ring")]
}

/// Where the workload's phases touch memory.
enum Base {
    static let write: UInt64 = 0x20_0000_0000
    static let read: UInt64 = 0x21_0000_0000
    static let kernel: UInt64 = 0x22_0000_0000
    static let cow: UInt64 = 0x23_0000_0000
    static let segv: UInt64 = 0x24_0000_0000
    static let again: UInt64 = 0x25_0000_0000
    static let exec: UInt64 = 0x26_0000_0000
    static let warm: UInt64 = 0x27_0000_0000
    static let cold: UInt64 = 0x28_0000_0000
    static let swap: UInt64 = 0x29_0000_0000
    static let shared: UInt64 = 0x2a_0000_0000
    static let stack: UInt64 = 0x2b_0000_0000
    static let efault: UInt64 = 0x2c_0000_0000
    static let readonly: UInt64 = 0x2d_0000_0000
    static let seven: UInt64 = 0x2e_0000_0000
    static let sevenKernel: UInt64 = 0x2f_0000_0000
    static let deep: UInt64 = 0x30_0000_0000
    static let distinct: UInt64 = 0x31_0000_0000
    static let threads: UInt64 = 0x32_0000_0000
    static let lostFrame: UInt64 = 0x33_0000_0000
    static let frames: UInt64 = 0x34_0000_0000
    static let files: UInt64 = 0x38_0000_0000
    static let kinds: UInt64 = 0x39_0000_0000
    static let replaced: UInt64 = 0x3a_0000_0000
    static let many: UInt64 = 0x3b_0000_0000
    /// Where Tests/Symbols/deeper.c has its pages.
    static let deeper: UInt64 = 0x3d_0000_0000
    static let near: UInt64 = 0x3e_0000_0000
    static let slow: UInt64 = 0x3f_0000_0000

    /// The option that wants one phase's addresses alone.
    static func range(_ base: UInt64) -> [String] {
        ["--address", "0x\(String(base, radix: 16))-0x\(String(base + 0x1_0000_0000, radix: 16))"]
    }

    static func pages(_ base: UInt64, _ count: Int) -> Set<UInt64> {
        Set((0..<UInt64(count)).map { base + $0 * Device.pageSize })
    }
}
