extension TextBuffer {
    public mutating func decimal(_ value: UInt64) {
        let length = decimalLength(value)
        append(length) { write(value, $0, length) }
    }

    /// A decimal number behind as many spaces as make `width` bytes.
    public mutating func decimal(_ value: UInt64, width: Int) {
        let length = decimalLength(value)
        for _ in 0..<max(0, width - length) { append(UInt8(ascii: " ")) }
        append(length) { write(value, $0, length) }
    }

    /// `0x` and the digits that the value needs.
    public mutating func hexadecimal(_ value: UInt64) {
        let digits = max(1, (67 - value.leadingZeroBitCount) / 4)
        append("0x")
        append(digits) { start in
            var rest = value
            for place in stride(from: digits - 1, through: 0, by: -1) {
                start[place] = hexDigit(rest & 0xf)
                rest >>= 4
            }
        }
    }

    /// A length of time with three digits and its unit, cut and not rounded: `950ns`, `4.10us`, `1.92ms`, `12.0s`.
    ///
    /// - Parameter width: bytes that the text takes at least; spaces come first.
    public mutating func latency(_ ns: UInt64, width: Int = 0) {
        var (unit, scale) = (0, UInt64(1))
        while unit < 3, ns / scale >= 1000 { (unit, scale) = (unit + 1, scale * 1000) }
        let whole = ns / scale
        let decimals = unit == 0 || whole >= 100 ? 0 : whole >= 10 ? 1 : 2
        let length = decimalLength(whole) + (decimals > 0 ? decimals + 1 : 0) + (unit == 3 ? 1 : 2)
        for _ in 0..<max(0, width - length) { append(UInt8(ascii: " ")) }
        decimal(whole)
        if decimals > 0 {
            append(UInt8(ascii: "."))
            append(decimals) { write(ns % scale / (scale / (decimals == 1 ? 10 : 100)), $0, decimals) }
        }
        switch unit {
        case 0: append("ns")
        case 1: append("us")
        case 2: append("ms")
        default: append("s")
        }
    }

    /// A time as seconds with six decimals, cut and not rounded; negative before `origin`.
    ///
    /// - Parameters:
    ///   - timeNs: the time, on the same clock as `origin`.
    ///   - width: bytes that the text takes at least; spaces come first.
    public mutating func seconds(_ timeNs: UInt64, since origin: UInt64, width: Int = 0) {
        let isNegative = timeNs < origin
        let microseconds = (isNegative ? origin - timeNs : timeNs - origin) / 1000
        let whole = microseconds / 1_000_000
        let length = decimalLength(whole) + 7 + (isNegative ? 1 : 0)
        for _ in 0..<max(0, width - length) { append(UInt8(ascii: " ")) }
        if isNegative { append(UInt8(ascii: "-")) }
        decimal(whole)
        append(UInt8(ascii: "."))
        append(6) { write(microseconds % 1_000_000, $0, 6) }
    }
}

/// How many decimal digits a number has.
private func decimalLength(_ value: UInt64) -> Int {
    var (length, bound) = (1, UInt64(10))
    while value >= bound {
        length += 1
        let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
        if overflow { break }
        bound = next
    }
    return length
}

/// Writes a number's last `length` decimal digits, zeros included.
@inline(__always)
private func write(_ value: UInt64, _ start: UnsafeMutablePointer<UInt8>, _ length: Int) {
    var rest = value
    for place in stride(from: length - 1, through: 0, by: -1) {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        start[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
        rest = quotient
    }
}

@inline(__always)
private func hexDigit(_ nibble: UInt64) -> UInt8 {
    let digit = UInt8(truncatingIfNeeded: nibble)
    return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
}
