public import CFaultRecord
public import FaultModel

/// Turns kernel records into a `batch` frame. All memory is taken at the start: adding a record allocates nothing.
public struct BatchEncoder: ~Copyable {
    private let frame: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private let threads: UnsafeMutablePointer<Thread>
    private let index: ThreadIndex
    private let kinds: UnsafeMutablePointer<RecordKind>
    private let ips: UnsafeMutablePointer<UInt64>

    private var end = payloadStart
    private var threadCount = 0
    private var kindCount = 0
    private var lastThread = -1
    private var firstTime: UInt64 = 0
    private var lastTime: UInt64 = 0
    private var sequence: UInt64 = 0
    private let stackKinds: StackKinds

    /// How many events wait in the batch.
    public private(set) var count: UInt32 = 0

    private static var payloadStart: Int { Frame.headerSize + BatchFormat.headerSize }
    /// The longest event: tag, ten-byte numbers for time, ip, address, error code and latency, a new thread with
    /// its name, two stacks.
    private static var longestEvent: Int { 128 }

    /// - Parameters:
    ///   - stacks: which stacks each event bears.
    ///   - capacity: bytes of the frame at the most; an event never makes it longer.
    public init(stacks: StackKinds = [], capacity: Int = 64 << 10) {
        stackKinds = stacks
        self.capacity = min(max(capacity, 4096), Frame.headerSize + Frame.maximumPayload)
        frame = .allocate(capacity: self.capacity)
        threads = .allocate(capacity: BatchFormat.threadLimit)
        kinds = .allocate(capacity: BatchFormat.kindLimit)
        ips = .allocate(capacity: BatchFormat.ipSlots)
        index = ThreadIndex()
        ips.update(repeating: 0, count: BatchFormat.ipSlots)
    }

    deinit {
        frame.deallocate()
        threads.deallocate()
        kinds.deallocate()
        ips.deallocate()
        index.deallocate()
    }

    /// Whether the next event might not fit: the batch must be taken first.
    @inline(__always)
    public var isFull: Bool {
        end + Self.longestEvent > capacity || threadCount == BatchFormat.threadLimit
            || kindCount == BatchFormat.kindLimit
    }

    /// Adds one record. The caller takes the batch when `isFull` says so.
    ///
    /// - Parameters:
    ///   - timeNs: the record's time on the wire's clock.
    ///   - stacks: its stacks as they have been told.
    @inline(__always)
    public mutating func append(_ record: fault_record, timeNs: UInt64, stacks: FaultStacks = FaultStacks()) {
        precondition(!isFull)
        if count == 0 { (firstTime, lastTime) = (timeNs, timeNs) }
        count += 1
        let tagAt = end
        end += 1
        signedVarint(timeNs &- lastTime)
        lastTime = timeNs

        var tag = thread(of: record)
        let thread = threads + lastThread
        tag |= ip(record, thread)
        tag |= kind(record, thread)
        tag |= cpu(record, thread)
        tag |= address(record, thread)
        tag |= latency(record)
        frame[tagAt] = tag
        if stackKinds.contains(.user) { stack(stacks.user) }
        if stackKinds.contains(.kernel) { stack(stacks.kernel) }
    }

    /// Hands out the whole frame and starts the next batch. The bytes are good until the next `append`.
    public mutating func take<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        writeHeaders()
        let result = body(UnsafeRawBufferPointer(start: frame, count: end))
        reset()
        return result
    }

    // MARK: The parts of an event

    @inline(__always)
    private mutating func thread(of record: fault_record) -> UInt8 {
        if lastThread >= 0, threads[lastThread].owns(record) { return BatchFormat.Tag.sameThread }
        if let known = index.find(record.tid), threads[known].owns(record) {
            varint(UInt64(known))
            lastThread = known
            return BatchFormat.Tag.knownThread
        }
        define(record)
        return BatchFormat.Tag.newThread
    }

    private mutating func define(_ record: fault_record) {
        threads[threadCount] = Thread(record)
        index.insert(record.tid, threadCount)
        lastThread = threadCount
        threadCount += 1
        varint(UInt64(record.pid))
        varint(UInt64(record.tid))
        varint(UInt64(record.uid))
        let comm = record.commBytes
        byte(UInt8(comm.count))
        for character in comm { byte(character) }
    }

    @inline(__always)
    private mutating func ip(_ record: fault_record, _ thread: UnsafeMutablePointer<Thread>) -> UInt8 {
        let last = thread.pointee.history.ip
        if record.ip == last { return 0 }
        thread.pointee.history.ip = record.ip
        let slot = BatchFormat.slot(ip: record.ip)
        if ips[slot] == record.ip {
            byte(UInt8(slot))
            return BatchFormat.Tag.ip | BatchFormat.Tag.ipFromCache
        }
        ips[slot] = record.ip
        signedVarint(record.ip &- last)
        return BatchFormat.Tag.ip
    }

    @inline(__always)
    private mutating func kind(_ record: fault_record, _ thread: UnsafeMutablePointer<Thread>) -> UInt8 {
        let kind = RecordKind(record)
        if kind == thread.pointee.history.kind { return 0 }
        thread.pointee.history.kind = kind
        var known = 0
        while known < kindCount, kinds[known] != kind { known += 1 }
        byte(UInt8(known))
        if known == kindCount { define(kind) }
        return BatchFormat.Tag.kind
    }

    private mutating func define(_ kind: RecordKind) {
        kinds[kindCount] = kind
        kindCount += 1
        byte(kind.errorKind)
        byte(kind.traits)
        varint(kind.errorCode)
    }

    @inline(__always)
    private mutating func cpu(_ record: fault_record, _ thread: UnsafeMutablePointer<Thread>) -> UInt8 {
        if record.cpu == thread.pointee.history.cpu { return 0 }
        thread.pointee.history.cpu = record.cpu
        varint(UInt64(record.cpu))
        return BatchFormat.Tag.cpu
    }

    @inline(__always)
    private mutating func address(_ record: fault_record, _ thread: UnsafeMutablePointer<Thread>) -> UInt8 {
        let expected = thread.pointee.history.expectedAddress
        thread.pointee.history.moved(to: record.address)
        if record.address == expected { return 0 }
        signedVarint(record.address &- expected)
        return BatchFormat.Tag.address
    }

    @inline(__always)
    private mutating func latency(_ record: fault_record) -> UInt8 {
        if record.latency_ns == 0 { return 0 }
        varint(record.latency_ns)
        return BatchFormat.Tag.latency
    }

    private mutating func stack(_ id: UInt32) {
        switch id {
        case 0: varint(BatchFormat.noStack)
        case FaultStacks.lost: varint(BatchFormat.lostStack)
        default: varint(UInt64(id) + 1)
        }
    }

    // MARK: Numbers

    @inline(__always)
    private mutating func byte(_ value: UInt8) {
        frame[end] = value
        end += 1
    }

    @inline(__always)
    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            byte(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        byte(UInt8(truncatingIfNeeded: rest))
    }

    /// A difference, in zigzag order.
    @inline(__always)
    private mutating func signedVarint(_ difference: UInt64) {
        let signed = Int64(bitPattern: difference)
        varint(UInt64(bitPattern: signed << 1 ^ signed >> 63))
    }

    // MARK: The batch

    private mutating func writeHeaders() {
        var header = ByteWriter()
        header.u32(UInt32(end - Frame.headerSize))
        header.u16(FrameType.batch.rawValue)
        header.u16(0)
        header.u64(sequence)
        header.u64(firstTime)
        header.u32(count)
        header.u8(stackKinds.rawValue)
        for (offset, value) in header.bytes.enumerated() { frame[offset] = value }
    }

    private mutating func reset() {
        sequence += 1
        count = 0
        end = Self.payloadStart
        threadCount = 0
        kindCount = 0
        lastThread = -1
        index.removeAll()
        ips.update(repeating: 0, count: BatchFormat.ipSlots)
    }
}

/// What the error code and the traits of a record say together.
private struct RecordKind: BitwiseCopyable, Equatable {
    var errorCode: UInt64 = 0
    var errorKind: UInt8 = 0
    var traits: UInt8 = 0

    init() {}

    @inline(__always)
    init(_ record: fault_record) {
        errorCode = record.error_code
        errorKind = record.error_kind
        traits = record.traits
    }
}

/// A thread under one name, and what it did last.
private struct Thread: BitwiseCopyable {
    private let pid: UInt32
    private let tid: UInt32
    private let uid: UInt32
    private let comm: (UInt64, UInt64)
    var history = ThreadHistory(kind: RecordKind())

    init(_ record: fault_record) {
        pid = record.pid
        tid = record.tid
        uid = record.uid
        comm = record.commWords
    }

    @inline(__always)
    func owns(_ record: fault_record) -> Bool {
        record.tid == tid && record.pid == pid && record.uid == uid && record.commWords == comm
    }
}

extension fault_record {
    /// The thread's name as two words, to compare it at once.
    @inline(__always)
    fileprivate var commWords: (UInt64, UInt64) { unsafeBitCast(comm, to: (UInt64, UInt64).self) }

    /// The thread's name without the zeros behind it.
    fileprivate var commBytes: [UInt8] { withUnsafeBytes(of: comm) { Array($0.prefix { $0 != 0 }) } }
}
