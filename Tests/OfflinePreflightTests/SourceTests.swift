import FaultModel
import KernelConfiguration
import Testing

@testable import OfflinePreflight

/// One kernel a row: whether each source can work there, best source first.
@Suite struct SourceTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let device: Device
        let usable: [Bool?]
        let verdict: PreflightReport.Verdict

        init(_ name: String, _ device: Device, _ usable: [Bool?], _ verdict: PreflightReport.Verdict) {
            (testDescription, self.device, self.usable, self.verdict) = (name, device, usable, verdict)
        }
    }

    static let rows: [Row] = [
        //                                             tracepoint fentry kprobe perf_bpf perf_ring
        Row("arm64 5.10", .arm64(), [false, false, true, true, true], .ready),
        Row("without kprobes", .arm64(off: [.kprobes, .kprobeEvents]), [false, false, false, true, true], .ready),
        Row("without kprobe events", .arm64(off: [.kprobeEvents]), [false, false, false, true, true], .ready),
        Row("without bpf(2)", .arm64(off: [.bpfSyscall, .bpfEvents]), [false, false, false, false, true], .limited),
        Row("without BPF events", .arm64(off: [.bpfEvents]), [false, false, false, false, true], .limited),
        Row("without perf events", .arm64(off: [.perfEvents]), [false, false, false, false, false], .blocked),
        Row("before the address", .arm64("4.16.18"), [false, false, false, false, true], .limited),
        Row("with the address", .arm64("4.17.0"), [false, false, true, true, true], .ready),
        Row("4.4", .arm64("4.4.146"), [false, false, false, false, true], .limited),
        Row("4.1", .arm64("4.1.15"), [false, false, false, false, true], .limited),
        Row("before the clock", .arm64("4.0.9"), [false, false, false, false, false], .blocked),
        Row("arm64 6.12 for fentry", .arm64("6.12.1", on: Device.trampolines), [false, true, true, true, true], .ready),
        Row(
            "arm64 6.1 with BTF and ftrace", .arm64("6.1.55", on: [.debugInfoBTF, .functionTracer, .dynamicFtrace]),
            [false, false, true, true, true], .ready),
        Row(
            "arm64 6.12 without BTF", .arm64("6.12.1", on: [.functionTracer, .dynamicFtrace, .directCalls]),
            [false, false, true, true, true], .ready),
        Row(
            "arm64 6.12 without a JIT", .arm64("6.12.1", on: Device.trampolines, off: [.bpfJIT]),
            [false, false, true, true, true], .ready),
        Row("x86", .x86(on: Device.trampolines), [true, true, true, true, true], .ready),
        Row("x86 without tracepoints", .x86(off: [.tracepoints]), [false, false, true, true, true], .ready),
        Row("x86 4.14", .x86("4.14.1"), [true, false, false, false, true], .ready),
        Row("x86 4.6", .x86("4.6.1"), [false, false, false, false, true], .limited),
        Row("forced confidentiality", .x86(on: [.forcedConfidentiality]), [nil, false, false, true, true], .ready),
        Row("speculative 5.10", .arm64(on: [.speculativePageFault]), [false, false, true, true, true], .ready),
        Row("speculative 5.15", .arm64("5.15.41", on: [.speculativePageFault]), [false, false, nil, true, true], .ready),
    ]

    @Test(arguments: rows)
    func eachSourceIsJudged(_ row: Row) throws {
        let report = try row.device.report()
        #expect(report.sources.map { $0.source } == FaultSource.allCases)
        #expect(report.sources.map { $0.usable } == row.usable)
        #expect(report.verdict == row.verdict)
        #expect(report.basis == .dump)
    }

    @Test(arguments: rows)
    func columnsAndWhatIsMissingMakeUpAll(_ row: Row) throws {
        for source in try row.device.report().sources {
            let all = source.columns + source.missing.map { $0.column }
            #expect(Set(all) == (source.usable == false ? [] : Set(Column.allCases)))
            #expect(all.count == Set(all).count)
            #expect(!source.reason.isEmpty && source.missing.allSatisfy { !$0.reason.isEmpty && !$0.reason.hasSuffix(".") })
        }
    }

    @Test(arguments: [
        ("arm", [KernelOption.arm]), ("riscv", []), ("x86", [.x86_32]), ("i386", [.x86_32]),
    ])
    func aMachineWithoutAnAgentIsBlocked(_ arch: String, _ options: [KernelOption]) throws {
        var device = Device.arm64(on: options, off: [.arm64])
        device.heading = "# Linux/\(arch) 5.10.1 Kernel Configuration"
        let report = try device.report()
        #expect(report.verdict == .blocked)
        #expect(report.sources.allSatisfy { $0.reason.contains("only for 64-bit arm64 and x86") })
        #expect(try device.check(.kernelConfig).status == .fail)
    }

    @Test func reasonsNameWhatDecides() throws {
        func reason(_ device: Device, _ source: FaultSource) throws -> String { try device.verdict(on: source).reason }
        #expect(try reason(.arm64(off: [.kprobes]), .kprobe) == "the configuration says CONFIG_KPROBES is off")
        #expect(
            try reason(.arm64(off: [.bpfEvents, .kprobeEvents, .uprobeEvents]), .perfBPF)
                == "the configuration says CONFIG_BPF_EVENTS is off (it needs CONFIG_KPROBE_EVENTS or CONFIG_UPROBE_EVENTS)")
        #expect(
            try reason(.arm64("4.14.180"), .perfBPF)
                == "the address in BPF programs on perf events came with 4.17, and this is 4.14")
        let tracer: [KernelOption] = [.debugInfoBTF, .functionTracer, .dynamicFtrace]
        #expect(try reason(.arm64("6.1.55", on: tracer), .fentry).contains("aarch64 has it from 6.4 on"))
        #expect(try !reason(.arm64("6.6.55", on: tracer), .fentry).contains("from 6.4"))
        #expect(try reason(.arm64(), .perfBPF).hasSuffix("; whether policy lets the agent use it shows only on the device"))
        #expect(try reason(.arm64(on: [.speculativePageFault]), .kprobe).contains("come without access"))
        let speculative = Device.trampolines + [.speculativePageFault]
        #expect(try reason(.x86("5.10.1", on: speculative), .fentry).contains("speculative path are not seen"))
        #expect(try reason(.x86("5.15.1", on: speculative), .fentry).contains("have do_handle_mm_fault"))
        #expect(try !reason(.arm64("6.12.1", on: speculative), .fentry).contains("speculative"))
    }

    @Test func columnsFollowTheSource() throws {
        func missing(_ device: Device, _ source: FaultSource) throws -> [Column] {
            try device.verdict(on: source).missing.map { $0.column }
        }
        #expect(try missing(.arm64(), .kprobe) == [.present, .errorCode])
        #expect(try missing(.arm64(), .perfBPF) == [.access, .present, .errorCode])
        #expect(try missing(.arm64(), .perfRing) == [.access, .present, .errorCode])
        #expect(
            try missing(.arm64("4.9.227"), .perfRing) == [.access, .present, .errorCode, .outcome, .latency, .cause])
        #expect(try missing(.arm64("4.14.180"), .perfRing) == [.access, .present, .errorCode])
        #expect(try missing(.x86("4.9.227"), .perfRing) == [.access, .present, .errorCode])
        #expect(try missing(.arm64("6.12.1", on: Device.trampolines), .fentry) == [])
        #expect(try missing(.x86(on: Device.trampolines), .fentry) == [.present, .errorCode])
        #expect(try missing(.x86(), .tracepoint) == [])
        #expect(try missing(.x86("4.8.1"), .tracepoint) == [.outcome, .latency, .cause])
        let access = try Device.arm64(off: [.kprobes]).verdict(on: .perfBPF).missing[0].reason
        #expect(access.hasSuffix("the kprobe source would, but the configuration says CONFIG_KPROBES is off"))
        #expect(try Device.arm64().verdict(on: .kprobe).missing[0].reason.contains("closes both to kprobes"))
        #expect(try !Device.x86().verdict(on: .kprobe).missing[0].reason.contains("do_mem_abort"))
    }
}
