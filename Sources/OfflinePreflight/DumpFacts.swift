import FaultModel
import KernelConfiguration

/// What the dumps say, before anybody judges it.
struct DumpFacts: Sendable {
    let config: KernelConfig
    let tracepoints: TracepointList?
    let symbols: SymbolList?
    let arch: Architecture

    init(config: [UInt8], tracepoints: [UInt8]?, symbols: [UInt8]?) throws(DumpError) {
        self.config = try KernelConfig(dump: config)
        self.tracepoints = if let tracepoints { try TracepointList(dump: tracepoints) } else { nil }
        self.symbols = if let symbols { try SymbolList(dump: symbols) } else { nil }
        arch = Architecture(self.config)
        let foreign: KernelSymbol? = switch arch {
        case .arm64: .excPageFault
        case .x86: .doMemAbort
        case .other, .unknown: nil
        }
        if let foreign, self.symbols?.contains(foreign) == true { throw DumpError(dump: .symbols, problem: .otherMachine) }
    }

    var version: KernelVersion? { config.version }

    var kernel: PreflightReport.Kernel {
        PreflightReport.Kernel(release: release, arch: arch.name, pageSize: pageSize ?? 0)
    }

    /// The heading's release and CONFIG_LOCALVERSION: uname(2) may tell more, which the build adds by itself.
    private var release: String {
        guard let release = config.release else { return "unknown" }
        return release + (config.text(.localVersion) ?? "")
    }

    /// x86 has one size; of arm64's three, one is on.
    var pageSize: UInt32? {
        if arch == .x86 { return 4096 }
        if config.isOn(.pages4K) { return 4096 }
        if config.isOn(.pages16K) { return 16384 }
        return config.isOn(.pages64K) ? 65536 : nil
    }

    var selinux: PreflightReport.SELinux {
        PreflightReport.SELinux(mode: config.state(.selinux) == false ? .disabled : .unknown, domain: nil)
    }

    /// Whether tracers are kept from the kernel's memory from the start: LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY in
    /// security/lockdown/Kconfig.
    var isForcedConfidential: Bool { config.isOn(.forcedConfidentiality) }

    /// Whether vendor code finishes some faults outside of handle_mm_fault.
    var isSpeculative: Bool { config.isOn(.speculativePageFault) }

    /// Where it came with a rewritten handle_mm_fault: Android's 5.15 has do_handle_mm_fault in its place, and of the old
    /// name only an inline function (include/linux/mm.h of android13-5.15; 5.10 still has the older patch).
    var mayLackHandleFault: Bool { isSpeculative && version.map { $0 >= KernelVersion(5, 11) } ?? true }
}

/// What kind of machine the kernel is for.
enum Architecture: Equatable, Sendable {
    case arm64
    case x86
    /// There is no agent for it.
    case other(String)
    case unknown

    /// Believes the heading first; it says x86 for both widths.
    init(_ config: KernelConfig) {
        switch config.arch {
        case "arm64"?: self = config.isOn(.arm) ? .other("arm") : .arm64
        case "x86"?, "x86_64"?: self = config.isOn(.x86_32) ? .other("i386") : .x86
        case let other?: self = .other(other)
        case nil: self.init(optionsOf: config)
        }
    }

    private init(optionsOf config: KernelConfig) {
        if config.isOn(.arm64) {
            self = .arm64
        } else if config.isOn(.x86_64) {
            self = .x86
        } else if config.isOn(.arm) {
            self = .other("arm")
        } else {
            self = config.isOn(.x86_32) ? .other("i386") : .unknown
        }
    }

    /// As uname(2) has it.
    var name: String {
        switch self {
        case .arm64: "aarch64"
        case .x86: "x86_64"
        case .other(let name): name
        case .unknown: "unknown"
        }
    }

    var hasAgent: Bool? {
        switch self {
        case .arm64, .x86: true
        case .other: false
        case .unknown: nil
        }
    }
}
