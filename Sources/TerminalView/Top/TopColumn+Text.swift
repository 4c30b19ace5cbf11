import LiveModel
import TraceModel

extension TopColumn {
    var heading: String {
        switch self {
        case .pid: "pid"
        case .tid: "tid"
        case .rate: "faults/s"
        case .trend: "trend"
        case .major: "major/s"
        case .time: "time/s"
        case .cpu: "CPU"
        case .cpuShare: "in flt"
        case .total: "faults"
        case .totalMajor: "major"
        case .totalTime: "time"
        case .each: "each"
        case .share: "share"
        case .region: "region"
        case .name: "name"
        }
    }

    /// Columns of the screen; a flexible one's least.
    var width: Int {
        switch self {
        case .rate: 8
        case .pid, .tid, .major, .time, .total, .totalMajor, .totalTime: 7
        case .cpu: 5
        case .cpuShare, .each, .share: 6
        case .trend: 8
        case .region: 12
        // A thread's name in the kernel.
        case .name: 15
        }
    }

    var isLeftAligned: Bool { self == .trend || self == .region || self == .name }

    /// - Parameter whole: the faults of all rows together.
    func cell(_ row: TopRow, of whole: UInt64) -> String {
        switch self {
        case .pid: row.pid.map { String($0) } ?? "-"
        case .tid: row.tid.map { String($0) } ?? "-"
        case .rate: Quantity.briefRate(row.rate.faults)
        case .major: Quantity.briefRate(row.rate.major)
        case .time: Quantity.briefTime(row.rate.timeNs)
        case .cpu: row.cpu.map { row.cpuIsLowerBound ? Quantity.leastShare($0) : Quantity.briefShare($0) } ?? "-"
        case .cpuShare: row.cpuShare.map(Quantity.briefShare) ?? "-"
        case .total: Quantity.brief(row.counts.faults)
        case .totalMajor: Quantity.brief(row.counts.major)
        case .totalTime: Quantity.briefTime(Double(row.counts.timeNs))
        case .each: row.counts.eachNs.map { Quantity.briefTime(Double($0)) } ?? "-"
        case .share: Quantity.share(row.counts.faults, of: whole)
        case .region: row.region
        case .trend, .name: ""
        }
    }
}

/// Numbers that have seven columns at the most.
extension Quantity {
    /// `123,456`, `1.23M`, `12.3G`.
    static func brief(_ value: UInt64) -> String {
        if value < 1_000_000 { return count(value) }
        var (scaled, unit) = (Double(value) / 1e6, 0)
        while scaled >= 999.5, unit < 4 { (scaled, unit) = (scaled / 1000, unit + 1) }
        let digits = scaled < 9.995 ? fixed(scaled, 2) : scaled < 99.95 ? fixed(scaled, 1) : count(UInt64(scaled + 0.5))
        return digits + ["M", "G", "T", "P", "E"][unit]
    }

    /// A number of events a second, with a decimal only where it matters.
    static func briefRate(_ perSecond: Double) -> String {
        if perSecond <= 0 { return "0" }
        return perSecond < 9.95 ? fixed(perSecond, 1) : brief(UInt64(min(perSecond + 0.5, 1e18)))
    }

    /// `950ns`, `4.10us`, `1.92ms`, `12.0s`.
    static func briefTime(_ ns: Double) -> String {
        if ns <= 0 { return "0" }
        var text = TextBuffer(capacity: 16)
        text.latency(UInt64(min(ns, 1e18)))
        return text.string
    }

    /// `4.2%`, `100%`, `1600%`.
    static func briefShare(_ share: Double) -> String {
        let percent = max(0, share * 100)
        return percent < 99.95 ? fixed(percent, 1) + "%" : String(UInt64(min(percent + 0.5, 1e9))) + "%"
    }

    /// `4.2%+`, `31%+`: so much and more, in no more columns.
    static func leastShare(_ share: Double) -> String {
        let percent = max(0, share * 100)
        return (percent < 9.95 ? fixed(percent, 1) : String(UInt64(min(percent + 0.5, 1e9)))) + "%+"
    }
}
