import FaultModel
import KernelConfiguration

@testable import Preflight

extension DeviceFacts {
    /// A made-up phone where everything works, to be broken piece by piece.
    static func phone(_ change: (inout DeviceFacts) -> Void = { _ in }) -> DeviceFacts {
        let works = Tracepoint(id: .success(7), opened: .worked)
        var facts = DeviceFacts(
            kernel: .init(release: "6.1.75-android14-11", arch: "aarch64", pageSize: 4096),
            config: .success(.everything),
            configPath: "/proc/config.gz",
            hasSysfs: true,
            process: .init(
                capabilities: .success([.sysAdmin, .sysPtrace]), isInInitialUserNamespace: true,
                hasSeccompFilter: false),
            selinux: .init(mode: .enforcing, domain: "u:r:su:s0"),
            lockdown: .success("[none] integrity confidentiality"),
            memlock: .success(Memlock(soft: 65536, hard: 65536, lifted: .worked)),
            bpf: .works,
            perf: .init(pageFaults: .worked, paranoid: .success("3")),
            tracefs: .found("/sys/kernel/tracing"),
            tracepoints: .init(directory: .worked, newTask: works, pageFaultUser: works, pageFaultKernel: works),
            kprobes: .init(pmuType: .success(6), opened: .worked, classic: .einval, eventsFile: .worked),
            btf: .success([0x9f, 0xeb, 1, 0]),
            fentry: .init(find: .worked, load: .worked, attach: .worked), denials: [])
        change(&facts)
        return facts
    }

    /// The same seen by a process without rights.
    static func phoneAsShell(_ change: (inout DeviceFacts) -> Void = { _ in }) -> DeviceFacts {
        phone {
            $0.process.capabilities = .success([])
            change(&$0)
        }
    }
}

extension BPFFacts {
    static var works: BPFFacts {
        BPFFacts(
            map: .worked, program: .worked, programSize: .success(ProgramSize(translated: 16, native: 20)),
            jitEnable: .success("1"), perfEventProgram: .worked, tracepointProgram: .worked, kernelReader: .worked,
            ringbuf: .worked, perfEventArray: .worked)
    }
}

extension KernelConfig {
    /// Every option that we would have on, and none that does harm.
    static var everything: KernelConfig { with(KernelOption.allCases.filter { $0 != .speculativePageFault }) }

    static func with(_ options: [KernelOption]) -> KernelConfig {
        KernelConfig(text: Array(options.map { $0.rawValue + "=y\n" }.joined().utf8))
    }

    static func without(_ option: KernelOption) -> KernelConfig {
        with(KernelOption.allCases.filter { $0 != option && $0 != .speculativePageFault })
    }
}

extension Trial {
    static let eperm = refused(.notPermitted)
    static let eacces = refused(.accessDenied)
    static let einval = refused(.invalid)
    static let enosys = refused(.noSuchCall)
    static let enoent = refused(.noSuchFile)
}
