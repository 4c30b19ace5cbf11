import Testing

@testable import CLI

struct QuantityTests {
    @Test(arguments: [
        ("10s", 10_000_000_000), ("100us", 100_000), ("250ms", 250_000_000), ("7ns", 7), ("2m", 120_000_000_000),
        ("1h", 3_600_000_000_000), ("1.5s", 1_500_000_000), ("0.000001s", 1000), ("0s", 0),
    ] as [(String, Int64)])
    func `durations take the contract's units`(text: String, nanoseconds: Int64) {
        #expect(Duration(argument: text) == .nanoseconds(nanoseconds))
    }

    @Test(arguments: [
        "", "s", "10", "10 s", "-1s", "+1s", "1.s", ".5s", "1..5s", "1e3s", "10S",
        "10d", "9999999999h", "٣s",
    ])
    func `what is no duration is refused`(text: String) {
        #expect(Duration(argument: text) == nil)
    }

    @Test(arguments: [
        ("4096", 4096), ("512K", 524_288), ("512k", 524_288), ("16M", 16_777_216), ("1G", 1_073_741_824),
        ("1.5K", 1536), ("0", 0), ("17179869183G", 18_446_744_072_635_809_792),
    ] as [(String, UInt64)])
    func `sizes take the contract's units`(text: String, bytes: UInt64) {
        #expect(ByteSize(argument: text)?.bytes == bytes)
    }

    @Test(arguments: ["", "K", "-1", "1T", "1KB", "17179869184G", "18446744073709551616", "0x10"])
    func `what is no size is refused`(text: String) {
        #expect(ByteSize(argument: text) == nil)
    }

    @Test(arguments: [
        ("0x1000-0x2000", 0x1000, 0x2000), ("4096-8192", 4096, 8192), ("0-0xffffffffffffffff", 0, .max),
        ("0XABC-0xDEF", 0xabc, 0xdef),
    ] as [(String, UInt64, UInt64)])
    func `addresses are hexadecimal or decimal`(text: String, low: UInt64, high: UInt64) {
        #expect(AddressRange(argument: text) == AddressRange(low: low, high: high))
    }

    @Test(arguments: ["", "-", "1", "1-", "-1", "1-2-3", "7f00-8f00", "0x-0x1", "+1-2", "0x10000000000000000-1"])
    func `what is no address range is refused`(text: String) {
        #expect(AddressRange(argument: text) == nil)
    }
}
