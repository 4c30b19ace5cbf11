import CLinux
import FaultModel
import KernelConfiguration
import Testing

@testable import Preflight

/// On the machine that runs the tests, with whatever rights they have.
@Suite(.serialized) struct LivePreflightTests {
    private let sources = [SourceVerdict(.perfBPF, usable: true, reason: "made up")]

    @Test func makesEveryCheckOnceInOrder() {
        let report = LivePreflight().report { sources }
        #expect(report.checks.map(\.id) == CheckID.allCases)
        #expect(report.basis == .live)
        #expect(report.sources == sources)
        #expect(report.kernel.pageSize.nonzeroBitCount == 1)
        #expect(!report.kernel.release.isEmpty)
    }

    @Test func tellsWhatToDoExactlyWhereSomethingIsWrong() {
        for check in LivePreflight().report { [] }.checks {
            #expect(!check.found.isEmpty)
            #expect((check.remedy == nil) == (check.status == .pass), "\(check.id)")
        }
    }

    /// Other suites run meanwhile and have files of their own, which they close: one that is left open each time outnumbers them at last.
    @Test func leavesNoDescriptorOpen() {
        let before = lowestFreeDescriptor()
        let times: Int32 = 16
        for _ in 0..<times { _ = LivePreflight().report { [] } }
        var waits = 0
        while lowestFreeDescriptor() >= before + times, waits < 1000 {
            linux_sleep_ms(10)
            waits += 1
        }
        #expect(lowestFreeDescriptor() < before + times)
    }

    @Test func leavesTheMemlockLimitAsItWas() throws {
        let before = try limits()
        _ = LivePreflight().report { [] }
        #expect(try limits() == before)
    }

    @Test func readsTheConfigurationOfThisKernel() throws {
        guard KernelFiles.reach("/proc/config.gz") == .worked else { return }
        let config = KernelConfig.ofRunningKernel(release: "")
        #expect(config.path == "/proc/config.gz")
        #expect(try config.config.get().optionCount > 100)
    }

    @Test func readsPlainFilesThroughZlib() throws {
        let text = try KernelFiles.unpackedBytes("/proc/self/status", limit: 4096).get()
        #expect(text.starts(with: "Name:".utf8))
        #expect(KernelFiles.unpackedBytes("/proc/self/none", limit: 16).errno == .noSuchFile)
    }

    @Test func capabilitiesAreThoseOfProc() throws {
        let status = try KernelFiles.text("/proc/self/status").get()
        let set = try Reading<CapabilitySet>.ofThisProcess().get()
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let bits = line.flatMap { UInt64($0.dropFirst("CapEff:".count).drop { $0 == "\t" }, radix: 16) }
        #expect(bits == set.rawValue)
    }

    private func lowestFreeDescriptor() -> Int32 {
        let descriptor = linux_epoll()
        linux_close(descriptor)
        return descriptor
    }

    private func limits() throws -> [UInt64] {
        var soft: UInt64 = 0, hard: UInt64 = 0
        try require(preflight_memlock(&soft, &hard))
        return [soft, hard]
    }
}
