import FaultModel
import KernelConfiguration
import Testing

@testable import Preflight

/// One made-up fact at a time against what the check makes of it.
@Suite struct CheckTests {
    private func status(_ id: CheckID, _ change: (inout DeviceFacts) -> Void) -> CheckStatus {
        DeviceFacts.phone(change).check(id).status
    }

    private func statusAsShell(_ id: CheckID, _ change: (inout DeviceFacts) -> Void) -> CheckStatus {
        DeviceFacts.phoneAsShell(change).check(id).status
    }

    @Test(arguments: CheckID.allCases)
    func everythingPassesWhereEverythingWorks(_ id: CheckID) {
        let check = DeviceFacts.phone().check(id)
        #expect(check.id == id)
        #expect(check.status == .pass)
        #expect(check.remedy == nil)
    }

    @Test(arguments: [
        ("4.4.302", CheckStatus.fail), ("4.8.17", .fail), ("4.9.337", .warn), ("4.14.180-perf", .warn),
        ("4.16.0", .warn), ("4.17.0", .pass), ("4.19.157", .pass), ("", .unknown),
    ])
    func kernelVersion(_ release: String, _ expected: CheckStatus) {
        #expect(status(.kernelVersion) { $0.kernel.release = release } == expected)
    }

    @Test(arguments: [(UInt32(4096), CheckStatus.pass), (16384, .pass), (65536, .pass), (0, .unknown)])
    func pageSize(_ size: UInt32, _ expected: CheckStatus) {
        #expect(status(.pageSize) { $0.kernel.pageSize = size } == expected)
    }

    @Test func kernelConfig() {
        #expect(status(.kernelConfig) { $0.config = .failure(.noSuchFile) } == .unknown)
        #expect(status(.kernelConfig) { $0.config = .success(.without(.bpfSyscall)) } == .fail)
        #expect(status(.kernelConfig) { $0.config = .success(.without(.kprobes)) } == .warn)
        #expect(status(.kernelConfig) { $0.config = .success(.without(.bpfJITAlwaysOn)) } == .pass)
        #expect(status(.kernelConfig) { $0.config = .success(.with(KernelOption.allCases)) } == .warn)
    }

    @Test func kernelConfigNamesWhatIsMissing() {
        let check = DeviceFacts.phone { $0.config = .success(.without(.debugInfoBTF)) }.check(.kernelConfig)
        #expect(check.found == "/proc/config.gz: CONFIG_DEBUG_INFO_BTF is off")
        #expect(check.remedy == "Costs the fentry source; only a kernel built with these options has it.")
    }

    @Test func capabilities() {
        #expect(status(.capabilities) { $0.process.capabilities = .success([]) } == .fail)
        #expect(status(.capabilities) { $0.process.capabilities = .success(.bpf) } == .fail)
        #expect(status(.capabilities) { $0.process.capabilities = .success([.bpf, .perfmon]) } == .warn)
        #expect(status(.capabilities) { $0.process.isInInitialUserNamespace = false } == .fail)
        #expect(status(.capabilities) { $0.process.isInInitialUserNamespace = nil } == .pass)
        #expect(
            status(.capabilities) {
                $0.process.isInInitialUserNamespace = nil
                ($0.bpf.tracepointProgram, $0.perf.pageFaults) = (.eperm, .eacces)
            } == .unknown)
        #expect(status(.capabilities) { $0.process.capabilities = .failure(.noSuchCall) } == .unknown)
    }

    @Test func selinuxIsJudgedByWhatItLetThrough() {
        #expect(status(.selinux) { $0.bpf.map = .eacces } == .fail)
        #expect(status(.selinux) { $0.perf.pageFaults = .eacces } == .fail)
        #expect(status(.selinux) { $0.bpf.program = .eperm } == .unknown)
        #expect(statusAsShell(.selinux) { $0.perf.pageFaults = .eacces } == .unknown)
        #expect(status(.selinux) { $0.selinux.mode = .unknown } == .pass)
        #expect(status(.selinux) { ($0.selinux.mode, $0.bpf.map) = (.unknown, .eacces) } == .unknown)
        #expect(status(.selinux) { ($0.selinux.mode, $0.bpf.map) = (.permissive, .eperm) } == .pass)
    }

    @Test func lockdown() {
        #expect(status(.lockdown) { $0.lockdown = .success("none [integrity] confidentiality") } == .pass)
        #expect(status(.lockdown) { $0.lockdown = .success("none integrity [confidentiality]") } == .warn)
        #expect(status(.lockdown) { $0.lockdown = .failure(.noSuchFile) } == .pass)
        #expect(status(.lockdown) { ($0.lockdown, $0.bpf.kernelReader) = (.failure(.noSuchFile), .einval) } == .warn)
        #expect(status(.lockdown) { ($0.lockdown, $0.bpf.kernelReader) = (.failure(.noSuchFile), .eperm) } == .unknown)
        #expect(
            status(.lockdown) {
                ($0.lockdown, $0.bpf.kernelReader) = (.failure(.noSuchFile), .einval)
                $0.kernel.release = "5.4.210"
            } == .unknown)
        #expect(
            status(.lockdown) {
                ($0.lockdown, $0.bpf.kernelReader) = (.failure(.noSuchFile), .einval)
                $0.config = .success(.without(.lockdown))
            } == .pass)
    }

    @Test func memlock() {
        let fixed = Reading<Memlock>.success(Memlock(soft: 65536, hard: 65536, lifted: .eperm))
        #expect(status(.memlock) { $0.memlock = fixed } == .pass)
        #expect(status(.memlock) { ($0.memlock, $0.kernel.release) = (fixed, "5.10.101") } == .warn)
        #expect(status(.memlock) { $0.kernel.release = "5.10.101" } == .pass)
        #expect(status(.memlock) { ($0.memlock, $0.bpf.ringbuf) = (fixed, .einval) } == .warn)
        #expect(status(.memlock) { $0.memlock = .failure(.noSuchCall) } == .unknown)
    }

    @Test func memlockIsTold() {
        #expect(Memlock(soft: 65536, hard: 65536, lifted: .worked).text == "64 KiB")
        #expect(Memlock(soft: 65536, hard: .max, lifted: .worked).text == "64 KiB (hard unlimited)")
    }

    @Test(arguments: [Trial.enosys, .eperm, .eacces, .einval])
    func bpfSyscall(_ refused: Trial) {
        #expect(status(.bpfSyscall) { $0.bpf.map = refused } == .fail)
        #expect(status(.bpfSyscall) { $0.bpf.program = refused } == .fail)
    }

    @Test func bpfSyscallTellsTheError() {
        let check = DeviceFacts.phone { $0.bpf.program = .eacces }.check(.bpfSyscall)
        #expect(check.found == "map: works, program: EACCES (13)")
        #expect(check.remedy?.contains("SELinux") == true)
    }

    /// A process that has no descriptors left learns nothing of the kernel.
    @Test func shortageIsNoAnswer() {
        let emfile = Trial.refused(Errno(code: 24))
        #expect(status(.bpfSyscall) { $0.bpf.map = emfile } == .unknown)
        #expect(status(.perfEvents) { $0.perf.pageFaults = emfile } == .unknown)
        #expect(status(.bpfEvents) { $0.bpf.perfEventProgram = emfile } == .unknown)
        #expect(status(.kprobes) { $0.kprobes.opened = emfile } == .unknown)
    }

    @Test func jitIsJudgedByAProgramFirst() {
        #expect(status(.bpfJIT) { $0.bpf.programSize = .success(ProgramSize(translated: 16, native: 0)) } == .warn)
        #expect(status(.bpfJIT) { $0.bpf.jitEnable = .failure(.noSuchFile) } == .pass)
    }

    @Test func jitWithoutAProgram() {
        func status(_ enable: Reading<String>, _ config: KernelConfig) -> CheckStatus {
            self.status(.bpfJIT) {
                ($0.bpf.programSize, $0.bpf.jitEnable, $0.config) = (nil, enable, .success(config))
            }
        }
        #expect(status(.failure(.accessDenied), .everything) == .pass)
        #expect(status(.failure(.accessDenied), .without(.bpfJITAlwaysOn)) == .unknown)
        #expect(status(.success("1"), .without(.bpfJITAlwaysOn)) == .pass)
        #expect(status(.success("0"), .without(.bpfJITAlwaysOn)) == .warn)
    }

    @Test func bpfEvents() {
        #expect(status(.bpfEvents) { $0.bpf.perfEventProgram = .einval } == .fail)
        #expect(status(.bpfEvents) { $0.bpf.tracepointProgram = .eperm } == .fail)
        #expect(statusAsShell(.bpfEvents) { $0.bpf.tracepointProgram = .eperm } == .unknown)
        #expect(
            statusAsShell(.bpfEvents) {
                ($0.bpf.tracepointProgram, $0.config) = (.eperm, .success(.without(.bpfEvents)))
            } == .fail)
    }

    @Test func ringbuf() {
        #expect(status(.ringbuf) { $0.bpf.ringbuf = .einval } == .warn)
        #expect(status(.ringbuf) { ($0.bpf.ringbuf, $0.bpf.perfEventArray) = (.einval, .einval) } == .fail)
        #expect(statusAsShell(.ringbuf) { ($0.bpf.ringbuf, $0.bpf.perfEventArray) = (.eperm, .eperm) } == .unknown)
    }

    @Test(arguments: [Trial.enosys, .eacces, .enoent])
    func perfEvents(_ refused: Trial) {
        #expect(status(.perfEvents) { $0.perf.pageFaults = refused } == .fail)
    }

    @Test func tracefs() {
        #expect(status(.tracefs) { $0.tracefs = .mounted("/sys/kernel/tracing") } == .pass)
        #expect(status(.tracefs) { $0.tracefs = .missing(.notPermitted) } == .warn)
        for id in [CheckID.tracepoints, .exceptionsTracepoint] {
            #expect(status(id) { $0.tracefs = .missing(.noSuchDevice) } == .unknown)
        }
    }

    @Test func tracepoints() {
        #expect(status(.tracepoints) { $0.tracepoints.directory = .enoent } == .warn)
        #expect(status(.tracepoints) { $0.tracepoints.newTask.opened = .eacces } == .warn)
        #expect(statusAsShell(.tracepoints) { $0.tracepoints.newTask.id = .failure(.accessDenied) } == .unknown)
    }

    @Test func absentExceptionsAreNormalOnArm() {
        let check = DeviceFacts.phone { $0.tracepoints.pageFaultUser.id = .failure(.noSuchFile) }
            .check(.exceptionsTracepoint)
        #expect(check.status == .warn)
        #expect(check.found == "absent, as is normal on aarch64")
        #expect(check.remedy == "Nothing to mend: fentry, kprobe and perf_bpf are this architecture's ways.")
    }

    @Test func absentExceptionsCostSomethingOnX86() {
        let check = DeviceFacts.phone {
            $0.kernel.arch = "x86_64"
            $0.tracepoints.pageFaultKernel.id = .failure(.noSuchFile)
        }.check(.exceptionsTracepoint)
        #expect(check.status == .warn)
        #expect(check.found == "page_fault_user: id 7, perf event: works, page_fault_kernel: ENOENT (2)")
        #expect(check.remedy?.hasPrefix("Without it the tracepoint source is out") == true)
    }

    @Test func kprobes() {
        let absent = KprobeFacts(pmuType: .failure(.noSuchFile), opened: .untried, classic: .untried, eventsFile: .enoent)
        let older = KprobeFacts(pmuType: .failure(.noSuchFile), opened: .untried, classic: .untried, eventsFile: .worked)
        #expect(status(.kprobes) { $0.kprobes.opened = .einval } == .warn)
        #expect(status(.kprobes) { $0.kprobes = absent } == .warn)
        #expect(status(.kprobes) { $0.kprobes = older } == .unknown)
        #expect(status(.kprobes) { ($0.kprobes, $0.hasSysfs) = (absent, false) } == .unknown)
        #expect(
            status(.kprobes) {
                ($0.kprobes, $0.hasSysfs, $0.config) = (absent, false, .success(.without(.kprobes)))
            } == .warn)
        #expect(statusAsShell(.kprobes) { $0.kprobes.opened = .eacces } == .unknown)
    }

    @Test func theClassicKprobeIsReported() {
        #expect(DeviceFacts.phone().check(.kprobes).found.hasSuffix("on do_page_fault: blacklisted, EINVAL (22)"))
        let gone = DeviceFacts.phone { $0.kprobes.classic = .enoent }.check(.kprobes)
        #expect((gone.status, gone.found.hasSuffix("on do_page_fault: no such function")) == (.pass, true))
    }

    @Test func btf() {
        #expect(status(.btf) { $0.btf = .success([0x7f, 0x45]) } == .warn)
        #expect(status(.btf) { $0.btf = .success([]) } == .warn)
        #expect(status(.btf) { $0.btf = .failure(.noSuchFile) } == .warn)
        #expect(
            status(.btf) { ($0.btf, $0.hasSysfs, $0.config) = (.failure(.noSuchFile), false, noConfig) } == .unknown)
        #expect(statusAsShell(.btf) { $0.btf = .failure(.accessDenied) } == .unknown)
    }

    private var noConfig: Reading<KernelConfig> { .failure(.noSuchFile) }

    @Test func fentry() {
        #expect(status(.fentry) { $0.fentry.attach = .refused(.notSupported) } == .warn)
        #expect(status(.fentry) { $0.fentry = .init(find: .worked, load: .eperm, attach: .untried) } == .warn)
        #expect(statusAsShell(.fentry) { $0.fentry.load = .eperm } == .unknown)
        let notFound = FentryFacts(find: .refused(Errno(code: 3)), load: .untried, attach: .untried)
        #expect(status(.fentry) { ($0.fentry, $0.btf) = (notFound, .failure(.noSuchFile)) } == .warn)
        #expect(
            status(.fentry) {
                ($0.fentry, $0.btf) = (notFound, .failure(.noSuchFile))
                ($0.config, $0.hasSysfs) = (noConfig, false)
            } == .unknown)
    }

    @Test func fentryTellsTheStep() {
        let check = DeviceFacts.phone { $0.fentry.attach = .refused(.notSupported) }.check(.fentry)
        #expect(check.found == "handle_mm_fault: load: works, attach: ENOTSUPP (524)")
    }
}
