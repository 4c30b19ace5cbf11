import FaultModel
import WireProtocol

/// `record`'s options.
struct RecordOptions {
    static let defaultFreeBytes: UInt64 = 256 << 20

    private(set) var path = ""
    private(set) var durationNs: UInt64 = 60_000_000_000
    /// The file's bytes at the most.
    private(set) var sizeLimit: UInt64 = 256 << 20
    /// What is left free of the file system at the least.
    private(set) var freeBytes = defaultFreeBytes
    private(set) var start = Start()

    init(_ arguments: ArraySlice<String>) throws(UsageError) {
        var rest = arguments
        while let option = rest.popFirst() {
            if takeSwitch(option) { continue }
            guard let value = rest.popFirst() else { throw UsageError("\(option) needs a value") }
            if try takeBound(option, value) { continue }
            if try takeTrace(option, value) { continue }
            if try takeFilter(option, value) { continue }
            throw UsageError("record does not take '\(option)'; see faultline-agent --help")
        }
        if path.isEmpty { throw UsageError("record needs --output FILE") }
    }

    private mutating func takeSwitch(_ option: String) -> Bool {
        switch option {
        case "--stacks": start.stacks.insert(.user)
        case "--kernel-stacks": start.stacks.insert(.kernel)
        case "--no-outcome": start.wantsOutcome = false
        case "--follow": start.filter.followsChildren = true
        default: return false
        }
        return true
    }

    private mutating func takeBound(_ option: String, _ value: String) throws(UsageError) -> Bool {
        switch option {
        case "--output": path = value
        case "--duration": durationNs = try Quantity.nanoseconds(value, option)
        case "--max-size": sizeLimit = try Quantity.bytes(value, option)
        case "--min-free": freeBytes = try Quantity.bytes(value, option)
        case "--count": start.eventLimit = try Quantity.number(value, option)
        default: return false
        }
        return true
    }

    private mutating func takeTrace(_ option: String, _ value: String) throws(UsageError) -> Bool {
        switch option {
        case "--buffer": start.bufferSize = try Quantity.bytes(value, option)
        case "--source":
            guard let source = FaultSource.allCases.first(where: { $0.name == value }) else { throw UsageError("there is no source '\(value)'") }
            start.source = source
        default: return false
        }
        return true
    }

    private mutating func takeFilter(_ option: String, _ value: String) throws(UsageError) -> Bool {
        switch option {
        case "--pid": start.filter.pids.append(try Quantity.id(value, option))
        case "--exclude-pid": start.filter.excludedPids.append(try Quantity.id(value, option))
        case "--uid": start.filter.uids.append(try Quantity.id(value, option))
        case "--exclude-uid": start.filter.excludedUids.append(try Quantity.id(value, option))
        case "--package": start.filter.packages.append(value)
        case "--comm": start.filter.comms.append(value)
        case "--exclude-comm": start.filter.excludedComms.append(value)
        case "--min-latency": start.filter.minimumLatencyNs = try Quantity.nanoseconds(value, option)
        case "--sample": start.filter.sampleEvery = try Quantity.id(value, option)
        case "--rate-limit": start.filter.rateLimit = try Quantity.id(value, option)
        case "--outcome":
            guard let outcome = FaultOutcome.allCases.first(where: { $0.name == value }) else { throw UsageError("there is no outcome '\(value)'") }
            start.filter.outcomes.append(outcome)
        default: return false
        }
        if start.filter.sampleEvery == 0 { throw UsageError("--sample takes a number from 1 on") }
        return true
    }
}

/// Whole numbers with a unit behind them.
enum Quantity {
    static func number(_ text: String, _ option: String) throws(UsageError) -> UInt64 {
        guard let number = UInt64(text) else { throw UsageError("\(option) takes a number, not '\(text)'") }
        return number
    }

    static func id(_ text: String, _ option: String) throws(UsageError) -> UInt32 {
        guard let number = UInt32(text) else { throw UsageError("\(option) takes a number, not '\(text)'") }
        return number
    }

    /// `512K`, `16M`, `1G`.
    static func bytes(_ text: String, _ option: String) throws(UsageError) -> UInt64 {
        try quantity(text, option, "a size such as 256M", [("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("", 1)])
    }

    /// `100us`, `60s`, `5m`.
    static func nanoseconds(_ text: String, _ option: String) throws(UsageError) -> UInt64 {
        try quantity(
            text, option, "a duration such as 60s",
            [("ns", 1), ("us", 1000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000)])
    }

    private static func quantity(
        _ text: String, _ option: String, _ kind: String, _ units: [(name: String, value: UInt64)]
    ) throws(UsageError) -> UInt64 {
        let digits = text.utf8.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        let unit = text.utf8.dropFirst(digits.count)
        if let number = UInt64(String(decoding: digits, as: UTF8.self)), let known = units.first(where: { $0.name.utf8.elementsEqual(unit) }) {
            let (product, overflow) = number.multipliedReportingOverflow(by: known.value)
            if !overflow { return product }
        }
        throw UsageError("\(option) takes \(kind), not '\(text)'")
    }
}
