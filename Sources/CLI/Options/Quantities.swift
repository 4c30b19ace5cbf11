public import ArgumentParser

/// A number of bytes: `4096`, `512K`, `16M`, `1G`, in units of 1024.
struct ByteSize: Equatable, Sendable {
    var bytes: UInt64

    /// The units with a letter, the largest first.
    private static let units: [(letter: String, bytes: UInt64)] = [("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)]
}

extension ByteSize: CustomStringConvertible {
    /// As it would be typed.
    var description: String {
        guard bytes > 0, let unit = Self.units.first(where: { bytes % $0.bytes == 0 }) else { return "\(bytes)" }
        return "\(bytes / unit.bytes)\(unit.letter)"
    }
}

extension ByteSize: ExpressibleByArgument {
    init?(argument: String) {
        guard let quantity = Quantity(argument), let unit = Self.unit(quantity.unit),
            let bytes = quantity.value(inUnitsOf: unit)
        else { return nil }
        self.init(bytes: bytes)
    }

    private static func unit(_ name: Substring) -> UInt64? {
        name.isEmpty ? 1 : units.first { $0.letter == name.uppercased() }?.bytes
    }
}

extension Duration: @retroactive ExpressibleByArgument {
    /// A length of time with its unit: `100us`, `1.5s`, `10m`.
    public init?(argument: String) {
        guard let quantity = Quantity(argument), let unit = Self.nanoseconds(quantity.unit),
            let nanoseconds = quantity.value(inUnitsOf: unit), nanoseconds <= UInt64(Int64.max)
        else { return nil }
        self = .nanoseconds(Int64(nanoseconds))
    }

    private static func nanoseconds(_ unit: Substring) -> UInt64? {
        switch unit {
        case "ns": 1
        case "us": 1000
        case "ms": 1_000_000
        case "s": 1_000_000_000
        case "m": 60_000_000_000
        case "h": 3_600_000_000_000
        default: nil
        }
    }
}

extension Duration {
    /// The whole of it; what an option can say fits.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}

/// A decimal number with a unit behind it, as typed.
private struct Quantity {
    private let whole: UInt64
    private let decimals: Substring
    let unit: Substring

    /// nil where the text does not begin with a number.
    init?(_ text: String) {
        let number = text.prefix { $0.isDigit || $0 == "." }
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = UInt64(first) else { return nil }
        let decimals = parts.count > 1 ? parts[1] : "0"
        guard !decimals.isEmpty, decimals.count <= 9, decimals.allSatisfy(\.isDigit) else { return nil }
        self.whole = whole
        self.decimals = decimals
        unit = text[number.endIndex...]
    }

    /// The number in units of one, cut to a whole; nil where it does not fit.
    func value(inUnitsOf unit: UInt64) -> UInt64? {
        let (units, overflow) = whole.multipliedReportingOverflow(by: unit)
        guard !overflow, let numerator = UInt64(decimals) else { return nil }
        let denominator = (0..<decimals.count).reduce(UInt64(1)) { product, _ in product * 10 }
        let product = numerator.multipliedFullWidth(by: unit)
        let fraction = denominator.dividingFullWidth(product).quotient
        let (sum, sumOverflow) = units.addingReportingOverflow(fraction)
        return sumOverflow ? nil : sum
    }
}

extension Character {
    fileprivate var isDigit: Bool { "0"..."9" ~= self }
}
