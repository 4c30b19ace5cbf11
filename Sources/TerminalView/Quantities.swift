/// Numbers as people read them.
enum Quantity {
    /// Digits in groups of three: `1,234,567`.
    static func count(_ value: UInt64) -> String {
        var text = ""
        for (place, digit) in String(value).reversed().enumerated() {
            if place > 0, place % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    /// Events a second, with decimals only where they matter: `1,234/s`, `0.5/s`.
    static func rate(_ perSecond: Double) -> String {
        perSecond < 10 ? fixed(perSecond, 1) + "/s" : whole(perSecond) + "/s"
    }

    /// A share of a whole in percent: `12.5%`.
    static func share(_ part: UInt64, of whole: UInt64) -> String {
        whole == 0 ? "-" : fixed(Double(part) / Double(whole) * 100, 1) + "%"
    }

    /// A length of time in its largest fitting unit: `1.5 s`, `12.0 ms`.
    static func duration(_ ns: UInt64) -> String {
        switch ns {
        case ..<1000: "\(ns) ns"
        case ..<1_000_000: fixed(Double(ns) / 1e3, 1) + " us"
        case ..<1_000_000_000: fixed(Double(ns) / 1e6, 1) + " ms"
        default: fixed(Double(ns) / 1e9, 1) + " s"
        }
    }

    /// A size in its largest fitting unit of 1024: `4.0 MiB`.
    static func bytes(_ size: UInt64) -> String {
        var (rest, unit) = (Double(size), 0)
        while rest >= 1024, unit < units.count - 1 {
            rest /= 1024
            unit += 1
        }
        return unit == 0 ? "\(size) B" : fixed(rest, 1) + " " + units[unit]
    }

    /// What a rate limit left out.
    static func heldBack(_ faults: UInt64) -> String {
        "held back: \(count(faults)) page \(faults == 1 ? "fault" : "faults") beyond --rate-limit, which are in no number here and were not lost."
    }

    /// What a table leaves out.
    static func hidden(groups: Int, faults: UInt64) -> String {
        "and \(count(UInt64(groups))) more with \(count(faults)) \(faults == 1 ? "fault" : "faults"); --top 0 shows all"
    }

    /// A number with this many decimals, rounded.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = UInt64(min(max(0, value * scale + 0.5), 1e18))
        let fraction = String(scaled % UInt64(scale))
        let zeros = String(repeating: "0", count: decimals - fraction.count)
        return count(scaled / UInt64(scale)) + "." + zeros + fraction
    }

    private static func whole(_ value: Double) -> String { count(UInt64(min(value + 0.5, 1e18))) }

    private static let units = ["B", "KiB", "MiB", "GiB", "TiB"]
}
