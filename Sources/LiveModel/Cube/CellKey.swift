import FaultModel

/// What the faults of one cell have in common, in 64 bits: the traits (bits 0 to 7) and the cause (8 to 11), which can be selected everywhere, a
/// detail (12 to 17) and the subject (18 and on), which mean something else in each table.
struct CellKey: BitwiseCopyable, Equatable, Sendable {
    /// What finds no room of its own has this subject.
    static let others = Int(UInt64.max >> 18)

    var bits: UInt64

    init(bits: UInt64) { self.bits = bits }

    @inline(__always)
    init(_ kind: Kind, detail: Int = 0, subject: Int) {
        bits = UInt64(kind.bits) | UInt64(detail) << 12 | UInt64(truncatingIfNeeded: subject) << 18
    }

    /// The cell of the same kind for what finds no room.
    var withoutSubject: CellKey { CellKey(bits: bits | ~0 << 18) }

    var kind: Kind { Kind(bits: UInt16(truncatingIfNeeded: bits & 0xfff)) }
    var detail: Int { Int(truncatingIfNeeded: bits >> 12 & 0x3f) }
    var subject: Int { Int(truncatingIfNeeded: bits >> 18) }

    /// Traits and cause.
    struct Kind: BitwiseCopyable, Equatable, Sendable {
        /// Different ones.
        static let count = 1 << 12
        /// Whether a page was present is not told apart.
        private static let kept: UInt8 = 0b1100_1111

        var bits: UInt16

        init(bits: UInt16) { self.bits = bits }

        @inline(__always)
        init(_ fault: PageFault) {
            bits = UInt16(fault.kind.traits.rawValue & Self.kept) | UInt16(fault.cause?.rawValue ?? 0) << 8
        }

        var traits: FaultTraits { FaultTraits(rawValue: UInt8(truncatingIfNeeded: bits)) }
        /// Zero: not known.
        var cause: Int { Int(bits >> 8) & 15 }
    }
}

/// Latencies in steps of powers of two: zero stands for an unknown one, the first step for less than 512 ns, the last for 4.3 s and more.
public enum LatencyStep {
    public static let count = 26

    @inline(__always)
    static func of(_ latencyNs: UInt64?) -> Int {
        guard let latencyNs else { return 0 }
        return min(max(63 - max(latencyNs, 1).leadingZeroBitCount - 7, 1), count - 1)
    }

    /// Where a step ends, in nanoseconds; the last one does not.
    public static func endNs(_ step: Int) -> UInt64 { 1 << UInt64(step + 8) }
}
