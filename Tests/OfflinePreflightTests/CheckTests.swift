import FaultModel
import JSONText
import KernelConfiguration
import Testing

@testable import OfflinePreflight

@Suite struct CheckTests {
    private func status(_ id: CheckID, _ device: Device) throws -> CheckStatus { try device.check(id).status }

    @Test(arguments: SourceTests.rows)
    func everyCheckIsThereOnceAndSaysWhatToDoWhereSomethingIsNotSo(_ row: SourceTests.Row) throws {
        let checks = try row.device.report().checks
        #expect(checks.map { $0.id } == CheckID.allCases)
        for check in checks {
            #expect(!check.found.isEmpty)
            #expect((check.remedy == nil) == (check.status == .pass), "\(check.id)")
        }
    }

    @Test(arguments: [
        (CheckID.bpfSyscall, KernelOption.bpfSyscall, CheckStatus.fail), (.perfEvents, .perfEvents, .fail),
        (.bpfEvents, .bpfEvents, .fail), (.bpfJIT, .bpfJIT, .warn), (.tracefs, .tracing, .warn),
        (.tracepoints, .tracepoints, .warn), (.kprobes, .kprobes, .warn), (.kprobes, .kprobeEvents, .warn),
        (.btf, .debugInfoBTF, .warn), (.fentry, .directCalls, .warn), (.ringbuf, .bpfSyscall, .fail),
    ])
    func eachOptionHasItsCheck(_ id: CheckID, _ option: KernelOption, _ without: CheckStatus) throws {
        let all = Device.trampolines
        #expect(try status(id, .arm64("6.12.1", on: all)) == .pass)
        #expect(try status(id, .arm64("6.12.1", on: all.filter { $0 != option }, off: [option])) == without)
        #expect(try Device.arm64("6.12.1", off: [option]).check(id).found.contains(option.rawValue))
    }

    @Test func whatNoDumpTellsIsUnknown() throws {
        #expect(try status(.capabilities, .arm64()) == .unknown)
        #expect(try status(.selinux, .arm64()) == .unknown)
        #expect(try status(.selinux, .arm64(off: [.selinux])) == .pass)
        #expect(try Device.arm64().report().selinux == .init(mode: .unknown, domain: nil))
        #expect(try Device.arm64(off: [.selinux]).report().selinux.mode == .disabled)
    }

    @Test func lockdown() throws {
        #expect(try status(.lockdown, .arm64()) == .pass)
        #expect(try status(.lockdown, .arm64(on: [.lockdown])) == .unknown)
        #expect(try status(.lockdown, .arm64(on: [.lockdown, .forcedConfidentiality])) == .warn)
    }

    @Test func versions() throws {
        #expect(try status(.memlock, .arm64("5.10.1")) == .unknown)
        #expect(try status(.memlock, .arm64("5.11.0")) == .pass)
        #expect(try status(.ringbuf, .arm64("5.7.1")) == .warn)
        #expect(try status(.ringbuf, .arm64("5.8.0")) == .pass)
        for (release, expected) in [("4.0.9", CheckStatus.fail), ("4.4.1", .warn), ("4.16.9", .warn), ("4.17.0", .pass)] {
            #expect(try status(.kernelVersion, .arm64(release)) == expected)
        }
    }

    @Test func jit() throws {
        #expect(try status(.bpfJIT, .arm64()) == .pass)
        #expect(try status(.bpfJIT, .arm64(on: [.bpfJITDefaultOn], off: [.bpfJITAlwaysOn])) == .pass)
        #expect(try status(.bpfJIT, .arm64(off: [.bpfJITAlwaysOn])) == .unknown)
    }

    @Test func exceptions() throws {
        #expect(try Device.arm64().check(.exceptionsTracepoint).found == "absent, as is normal on aarch64")
        #expect(try status(.exceptionsTracepoint, .x86()) == .pass)
    }

    @Test func speculationIsAWarningWhereKprobesWork() throws {
        let check = try Device.arm64(on: [.speculativePageFault]).check(.kprobes)
        #expect(check.status == .warn)
        #expect(check.found.contains("CONFIG_SPECULATIVE_PAGE_FAULT"))
        #expect(try status(.kernelConfig, .arm64("6.12.1", on: Device.trampolines)) == .pass)
        #expect(try status(.kernelConfig, .arm64("6.12.1", on: Device.trampolines + [.speculativePageFault])) == .warn)
    }

    @Test func theKernelIsTold() throws {
        var device = Device.arm64("5.10.160")
        device.options[.localVersion] = "\"-perf\""
        #expect(try device.report().kernel == .init(release: "5.10.160-perf", arch: "aarch64", pageSize: 4096))
        #expect(try Device.x86().report().kernel == .init(release: "6.1.55", arch: "x86_64", pageSize: 4096))
    }

    @Test(arguments: [
        ([KernelOption.pages4K], 4096), ([.pages16K], 16384), ([.pages64K], 65536), ([], 0),
    ] as [([KernelOption], UInt32)])
    func pageSizes(_ options: [KernelOption], _ size: UInt32) throws {
        let device = Device.arm64(on: options, off: [.pages4K].filter { !options.contains($0) })
        #expect(try device.report().kernel.pageSize == size)
        #expect(try status(.pageSize, device) == (size == 0 ? .unknown : .pass))
    }

    /// A configuration that lost its first lines does not say its version: what came with one stays open.
    @Test func withoutAHeadingTheVersionIsOpen() throws {
        var device = Device.arm64()
        device.heading = "#"
        let report = try device.report()
        #expect(report.sources.map { $0.usable } == [false, false, nil, nil, true])
        #expect(report.verdict == .limited)
        #expect(report.kernel.release == "unknown")
        #expect(try status(.kernelVersion, device) == .unknown)
    }

    @Test func itsTextSaysThatNoDeviceWasAsked() throws {
        let text = try Device.arm64().report().text()
        #expect(
            text.hasPrefix(
                "ready: page faults through kprobe on Linux 5.10.101, aarch64, 4096-byte pages, judged by its dumps\n"))
        var json = JSONText()
        try Device.arm64().report().write(to: &json)
        #expect(String(decoding: json.bytes, as: UTF8.self).hasPrefix("{\"verdict\":\"ready\",\"basis\":\"dump\",\"source\":\"kprobe\","))
    }
}
