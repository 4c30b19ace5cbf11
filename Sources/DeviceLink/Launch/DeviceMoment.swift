/// A moment by a device's own clocks, as its shell reads them.
public struct DeviceMoment: Equatable, Sendable {
    /// CLOCK_REALTIME, where the shell tells it: mksh, which is Android's, and bash do.
    var wallClockNs: UInt64?
    /// CLOCK_BOOTTIME to ten milliseconds.
    var uptimeNs: UInt64

    /// A line of shell that prints the moment behind a word.
    static func line(_ word: String) -> String { #"read -r up rest </proc/uptime; echo "\#(word)=$up $EPOCHREALTIME""# }

    /// - Parameter text: seconds since the boot, and where there are two numbers those since 1970.
    init?(_ text: some StringProtocol) {
        let numbers = text.split(separator: " ").map { Self.nanoseconds($0) }
        guard let first = numbers.first, let uptimeNs = first else { return nil }
        self.uptimeNs = uptimeNs
        wallClockNs = numbers.count > 1 ? numbers[1] : nil
    }

    /// Seconds with decimals, a comma in some languages' place of the point.
    private static func nanoseconds(_ text: some StringProtocol) -> UInt64? {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard let seconds = UInt64(parts[0]), seconds < 1 << 33 else { return nil }
        let decimals = parts.count > 1 ? parts[1].prefix(9) : "0"
        guard let fraction = UInt64(decimals) else { return nil }
        return seconds * 1_000_000_000 + (decimals.count..<9).reduce(fraction) { value, _ in value * 10 }
    }

    /// CLOCK_BOOTTIME of the moment, as exactly as it is known.
    ///
    /// - Parameter bootNs: CLOCK_BOOTTIME of some moment shortly before, and of the same `wallClockNs`.
    func bootNs(by clocks: (bootNs: UInt64, wallClockNs: UInt64)) -> UInt64 {
        guard let wallClockNs, wallClockNs >= clocks.wallClockNs else { return uptimeNs }
        let (bootNs, isBeyond) = clocks.bootNs.addingReportingOverflow(wallClockNs - clocks.wallClockNs)
        return isBeyond ? uptimeNs : bootNs
    }
}
