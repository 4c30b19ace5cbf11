import Testing

@testable import DeviceLink

/// When Android was asked for an activity, by the device's clocks around `am`.
struct LaunchedActivityTests {
    /// The trace began 100 s after the boot.
    private let clocks: (bootNs: UInt64, wallClockNs: UInt64) = (100_000_000_000, 1_700_000_000_000_000_000)

    private func startNs(_ began: String, _ ended: String, _ said: String) throws -> UInt64 {
        let answer = "faultline_began=\(began)\r\nStatus: ok\r\n\(said)\r\nfaultline_ended=\(ended)\r\n"
        return try LaunchedActivity(answer).startNs(bootNs: clocks.bootNs, wallClockNs: clocks.wallClockNs)
    }

    @Test func `it is what am waited before its end, so that its own start does not count`() throws {
        #expect(try startNs("100.50 1700000000.512345", "101.90 1700000001.912345", "TotalTime: 586\nWaitTime: 600") == 101_312_345_000)
    }

    @Test func `it is never before am began`() throws {
        #expect(try startNs("100.50 1700000000.512345", "101.00 1700000001.000000", "WaitTime: 600") == 100_512_345_000)
        #expect(try startNs("100.50 1700000000,512345", "101.00 1700000001,0", "TotalTime: 5") == 100_512_345_000)
    }

    @Test func `a shell without the time of day tells the time since the boot`() throws {
        #expect(try startNs("100.50", "101.90 ", "WaitTime: 600") == 101_300_000_000)
    }

    @Test func `a wall clock that was set back is not believed`() throws {
        #expect(try startNs("100.50 1600000000.0", "101.90 1600000001.4", "WaitTime: 600") == 101_300_000_000)
    }

    @Test func `a clock of which nothing can be added up is not believed`() throws {
        let launched = try LaunchedActivity("faultline_began=100.5 1700000000.0\nStatus: ok\nfaultline_ended=101.9 1700000001.4\n")
        #expect(launched.startNs(bootNs: .max, wallClockNs: 0) == 100_500_000_000)
    }

    @Test(arguments: ["Status: ok\n", "faultline_began=x\nStatus: ok\nfaultline_ended=1.0\n"])
    func `a device whose clock cannot be read is told`(answer: String) {
        #expect(throws: ActivityStart.Failure(reason: "the device's clock cannot be read")) { try LaunchedActivity(answer) }
    }

    @Test(arguments: ["", "x", "-1.5", "1.x", "99999999999.0"])
    func `what is no time is none`(text: String) { #expect(DeviceMoment(text) == nil) }
}
