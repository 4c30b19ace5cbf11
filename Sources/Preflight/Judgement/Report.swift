import FaultModel

extension DeviceFacts {
    func report(sources: [SourceVerdict]) -> PreflightReport {
        PreflightReport(
            basis: .live, kernel: kernel, selinux: selinux, sources: sources, checks: CheckID.allCases.map(check))
    }

    /// Judges one of the findings.
    func check(_ id: CheckID) -> Check {
        switch id {
        case .kernelVersion: checkKernelVersion()
        case .kernelConfig: checkKernelConfig()
        case .pageSize: checkPageSize()
        case .capabilities: checkCapabilities()
        case .selinux: checkSELinux()
        case .lockdown: checkLockdown()
        case .memlock: checkMemlock()
        case .bpfSyscall: checkBPFSyscall()
        case .bpfJIT: checkBPFJIT()
        case .bpfEvents: checkBPFEvents()
        case .ringbuf: checkRingbuf()
        case .perfEvents: checkPerfEvents()
        case .tracefs: checkTracefs()
        case .tracepoints: checkTracepoints()
        case .exceptionsTracepoint: checkExceptions()
        case .kprobes: checkKprobes()
        case .btf: checkBTF()
        case .fentry: checkFentry()
        }
    }
}
