import ArgumentParser

/// `LO-HI`: addresses from LO up to, but without, HI, as /proc/PID/maps has them; each with 0x or in decimal.
struct AddressRange: Equatable, Sendable {
    var low: UInt64
    var high: UInt64
}

extension AddressRange: ExpressibleByArgument {
    init?(argument: String) {
        let ends = argument.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let low = Self.address(ends[0]), let high = Self.address(ends[1]) else { return nil }
        self.init(low: low, high: high)
    }

    private static func address(_ text: Substring) -> UInt64? {
        let isHexadecimal = text.lowercased().hasPrefix("0x")
        let digits = isHexadecimal ? text.dropFirst(2) : text
        guard !digits.hasPrefix("+") else { return nil }
        return UInt64(digits, radix: isHexadecimal ? 16 : 10)
    }
}
