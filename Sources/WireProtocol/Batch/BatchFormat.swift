/// The layout of a batch's payload, which encoder and decoder share.
///
/// `u64 sequence`, `u64 time of the first event`, `u32 count`, `u8` which stacks the events bear, then the events. Each starts with a tag that says which
/// fields follow; what is left out is as it was in the thread's previous event of this batch. A batch can be read
/// without any other.
enum BatchFormat {
    static let headerSize = 8 + 8 + 4 + 1
    /// A tag, and a byte of time.
    static let shortestEvent = 2
    /// Beyond this many threads, kinds of fault or bytes the encoder starts another batch.
    static let threadLimit = 1024
    static let kindLimit = 128
    static let ipSlots = 256

    /// The bits of an event's tag.
    enum Tag {
        static let threadMask: UInt8 = 0x03
        static let sameThread: UInt8 = 0
        static let knownThread: UInt8 = 1
        static let newThread: UInt8 = 2
        static let ip: UInt8 = 0x04
        static let ipFromCache: UInt8 = 0x08
        static let kind: UInt8 = 0x10
        static let cpu: UInt8 = 0x20
        static let address: UInt8 = 0x40
        static let latency: UInt8 = 0x80
    }

    /// A stack's number on the wire: none, lost, or its id and one more.
    static let (noStack, lostStack): (UInt64, UInt64) = (0, 1)

    /// Whether nothing comes from the cache that does not come at all.
    @inline(__always)
    static func isPossible(_ tag: UInt8) -> Bool { tag & (Tag.ip | Tag.ipFromCache) != Tag.ipFromCache }

    /// The slot in which an instruction pointer is remembered (Fibonacci hashing).
    @inline(__always)
    static func slot(ip: UInt64) -> Int { Int(truncatingIfNeeded: (ip &* 0x9e37_79b9_7f4a_7c15) >> 56) }
}

/// What both sides remember of a thread within one batch, to leave out what can be foretold.
struct ThreadHistory<Kind: BitwiseCopyable & Equatable & Sendable>: BitwiseCopyable, Sendable {
    var ip: UInt64 = 0
    var kind: Kind
    var cpu: UInt16 = 0
    private var address: UInt64 = 0
    /// How far the last address was from the one before: the next is expected as far on.
    private var stride: UInt64 = 0

    init(kind: Kind) { self.kind = kind }

    @inline(__always)
    var expectedAddress: UInt64 { address &+ stride }

    @inline(__always)
    mutating func moved(to address: UInt64) {
        stride = address &- self.address
        self.address = address
    }
}
