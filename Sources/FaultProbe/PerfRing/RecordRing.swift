import CFaultRecord
import CLibbpf
import CLinux

/// One of perf's rings and how far it has been read. A record is read word by word where it lies, so that one that
/// wraps around needs no copy: records and the ring are multiples of eight bytes.
struct RecordRing {
    let kind: RingKind
    let cpu: UInt16
    private let pages: UnsafeMutableRawPointer
    private let data: UnsafeRawPointer
    private let bytes: UInt64
    private let timeWord: UInt64
    /// More than a record takes, in bytes.
    private let room: UInt64

    /// All in bytes since the ring was made, as the kernel counts them.
    private var position: UInt64
    private var end: UInt64
    private var released: UInt64
    private var header: UInt64 = 0
    /// The end at which the ring was last seen full.
    private var fullEnd: UInt64 = .max

    /// When the record before this one was written.
    private(set) var previousNs: UInt64
    /// When this record is to be read: its moment, and at one moment the kind decides.
    private(set) var key: UInt64 = 0
    var tally = RingTally()

    /// - Parameter startNs: before the first record.
    init(_ ring: linux_ring, _ kind: RingKind, cpu: Int32, startNs: UInt64, hasStacks: Bool = false) {
        self.kind = kind
        self.cpu = UInt16(truncatingIfNeeded: cpu)
        pages = ring.pages
        data = ring.data
        bytes = ring.bytes
        timeWord = kind == .faults ? 3 : 2
        room = Self.room(kind, hasStacks: hasStacks)
        previousNs = startNs
        position = ring.pages.load(fromByteOffset: Int(LINUX_RING_TAIL), as: UInt64.self)
        (end, released) = (position, position)
    }

    /// A record and one that tells of losses have at most 96 bytes together, stacks those of `StackDepth.most` frames with marks between,
    /// and a mapping those of its path (PATH_MAX, perf_event_mmap_event in kernel/events/core.c).
    private static func room(_ kind: RingKind, hasStacks: Bool) -> UInt64 {
        switch kind {
        case .faults where hasStacks: 128 + UInt64(StackDepth.most + 16) * 8
        case .memory: 128 + 4096
        default: 128
        }
    }

    // MARK: The record at hand

    var isEmpty: Bool { position == end }
    var type: UInt32 { UInt32(truncatingIfNeeded: header) }
    var misc: UInt64 { header >> 32 & 0xffff }
    var words: UInt64 { header >> 51 }
    /// Who touched the page, in the numbers of `enum fault_mode`; a hypervisor's guests are not told apart.
    var mode: UInt32 {
        switch misc & UInt64(PERF_RECORD_MISC_CPUMODE_MASK) {
        case UInt64(PERF_RECORD_MISC_USER): FAULT_MODE_USER.rawValue
        case UInt64(PERF_RECORD_MISC_KERNEL): FAULT_MODE_KERNEL.rawValue
        default: FAULT_MODE_UNKNOWN.rawValue
        }
    }
    var timeNs: UInt64 { isSample ? word(timeWord) : word(isLost ? 4 : words - 1) }

    var isSample: Bool { type == PERF_RECORD_SAMPLE.rawValue }
    var isLost: Bool { type == PERF_RECORD_LOST.rawValue }

    /// A word of the record; its header is word 0.
    @inline(__always)
    func word(_ index: UInt64) -> UInt64 {
        data.load(fromByteOffset: Int((position &+ index << 3) & (bytes &- 1)), as: UInt64.self)
    }

    // MARK: Moving

    /// Looks how far the kernel has come.
    mutating func refresh() {
        let wasEmpty = isEmpty
        end = linux_ring_head(pages)
        noteFullness(end)
        if wasEmpty { meet() }
    }

    /// Whether something may be lost of which no record tells yet: the ring was full, and nothing has come since.
    var mayHideLosses: Bool { fullEnd == end }

    /// The same, but only the first time that it is asked since the ring was full.
    mutating func takeMayHideLosses() -> Bool {
        guard mayHideLosses else { return false }
        fullEnd = .max
        return true
    }

    @inline(__always)
    mutating func advance() {
        if !isLost { previousNs = key >> 2 }
        position &+= words << 3
        if position &- released > bytes >> 2 { release() }
        meet()
    }

    /// Gives what has been read back to the kernel. Until then a ring that was full is so, and can be seen to be.
    mutating func release() {
        noteFullness(linux_ring_head(pages))
        released = position
        linux_ring_set_tail(pages, position)
    }

    private mutating func noteFullness(_ head: UInt64) {
        if bytes &- (head &- released) < room { fullEnd = head }
    }

    /// A record that tells of losses is read right after the one before it: from there on something is missing.
    @inline(__always)
    private mutating func meet() {
        guard !isEmpty else { return }
        header = word(0)
        guard words > 0, words << 3 <= end &- position else {
            position = end
            return
        }
        key = (isLost ? previousNs : timeNs) << 2 | UInt64(kind.rawValue)
    }
}

/// What a ring held, and what it had no room for.
struct RingTally {
    private(set) var samples: UInt64 = 0
    private(set) var lost: UInt64 = 0
    private var reported: UInt64 = 0
    private var firstNs: UInt64 = 0
    private var lastNs: UInt64 = 0

    @inline(__always)
    mutating func countSample() { samples &+= 1 }

    /// - Parameter range: between which moments.
    mutating func countLost(_ count: UInt64, from beginNs: UInt64, to endNs: UInt64) {
        if beginNs > lastNs &+ UInt64(FAULT_LOSS_BURST_NS) || reported == lost { firstNs = beginNs }
        lastNs = endNs
        lost += count
    }

    /// What was lost since the last call.
    mutating func newLosses(cpu: UInt16) -> LossReport? {
        guard lost > reported else { return nil }
        defer { reported = lost }
        return LossReport(cpu: Int(cpu), count: lost - reported, firstNs: firstNs, lastNs: lastNs)
    }
}
