import FaultModel
import KernelConfiguration
import Testing

@testable import OfflinePreflight

/// What the lists of tracepoints and symbols change.
@Suite struct ListTests {
    private func tracepoint(_ device: Device, _ list: String) throws -> Bool? {
        var device = device
        device.tracepoints = list
        return try device.verdict(on: .tracepoint).usable
    }

    private static let both = "exceptions:page_fault_kernel\nexceptions:page_fault_user\nsched:sched_switch\n"

    @Test(arguments: [
        (both, true),
        ("exceptions:page_fault_user\n", false),
        ("iommu:io_page_fault\nkgsl:kgsl_mmu_pagefault\n", false),
        ("exceptions:page_fault_user_x\nexceptions:page_fault_kernel\n", false),
        ("xexceptions:page_fault_user\nexceptions:page_fault_kernel\n", false),
        ("Exceptions:page_fault_user\nexceptions:page_fault_kernel\n", false),
        ("/sys/kernel/tracing/events/exceptions/page_fault_user/id\nevents/exceptions/page_fault_kernel\n", true),
        ("./exceptions/page_fault_user/format\n./exceptions/page_fault_kernel/format\n", true),
        ("  exceptions:page_fault_user  [Tracepoint event]\n  exceptions:page_fault_kernel  [Tracepoint event]\n", true),
    ])
    func tracepointsCountByTheirExactNames(_ list: String, _ isThere: Bool) throws {
        #expect(try tracepoint(.x86(), list) == isThere)
    }

    @Test func noListIsBelievedAgainstTheConfiguration() throws {
        #expect(try tracepoint(.x86(off: [.bpfSyscall]), Self.both) == false)
        #expect(try tracepoint(.arm64(), Self.both) == nil)
        #expect(try tracepoint(.arm64(), "sched:sched_switch\n") == false)
    }

    @Test func theListTellsOfFollowing() throws {
        var device = Device.arm64()
        device.tracepoints = "task:task_newtask\nsched:sched_switch\n"
        #expect(try device.check(.tracepoints).status == .pass)
        device.tracepoints = "sched:sched_switch\n"
        #expect(try device.check(.tracepoints).status == .warn)
    }

    // MARK: - Symbols

    private func usable(_ source: FaultSource, _ device: Device, _ list: String) throws -> Bool? {
        var device = device
        device.symbols = list
        return try device.verdict(on: source).usable
    }

    private let handleFault = "ffffffc0101a2b3c T handle_mm_fault"

    @Test func aProbeNeedsItsFunction() throws {
        #expect(try usable(.kprobe, .arm64(), symbols(handleFault)) == true)
        #expect(try usable(.kprobe, .arm64(), symbols("0 T do_page_fault")) == false)
        #expect(try usable(.kprobe, .arm64(), symbols("0 T handle_mm_fault_x")) == false)
        #expect(try usable(.kprobe, .arm64(), symbols(handleFault + "\t[module]")) == false)
        #expect(try usable(.perfBPF, .arm64(), symbols("0 T do_page_fault")) == true)
    }

    @Test func theySettleWhatASpeculativeKernelLeavesOpen() throws {
        let device = Device.arm64("5.15.41", on: [.speculativePageFault])
        #expect(try usable(.kprobe, device, symbols(handleFault)) == true)
        #expect(try usable(.kprobe, device, symbols("0000000000000000 T do_handle_mm_fault")) == true)
        #expect(try usable(.kprobe, device, symbols("0000000000000000 T do_handle_mm_fault_x")) == false)
    }

    @Test func aPartOfTheListProvesNoAbsence() throws {
        #expect(try usable(.kprobe, .arm64(), "0 T do_page_fault\n") == true)
        #expect(try usable(.kprobe, .arm64("5.15.41", on: [.speculativePageFault]), "0 T schedule\n") == nil)
    }

    @Test(arguments: [
        (["0 T do_mem_abort", "0 T arch_prepare_bpf_trampoline", "0 T register_ftrace_direct"], true),
        (["0 T do_mem_abort", "0 W arch_prepare_bpf_trampoline", "0 T register_ftrace_direct"], false),
        (["0 T do_mem_abort", "0 T register_ftrace_direct"], false),
        (["0 T do_mem_abort", "0 T arch_prepare_bpf_trampoline"], false),
        (["0 T arch_prepare_bpf_trampoline", "0 T register_ftrace_direct"], false),
    ])
    func fentryNeedsItsTrampolines(_ lines: [String], _ isUsable: Bool) throws {
        let list = symbols(lines.joined(separator: "\n"))
        #expect(try usable(.fentry, .arm64("6.12.1", on: Device.trampolines), list) == isUsable)
    }
}
