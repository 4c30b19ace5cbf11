import CFaultRecord
public import FaultModel

/// Turns a batch's payload back into faults. One decoder serves a whole stream and keeps its memory.
public struct BatchDecoder: Sendable {
    private var threads: [Thread] = []
    private var kinds: [FaultKind] = []
    private var ips = [UInt64](repeating: 0, count: BatchFormat.ipSlots)

    /// The number that the next batch must bear; nil: any.
    private var sequence: UInt64?

    private struct Thread: BitwiseCopyable, Sendable {
        let identity: FaultThread
        var history = ThreadHistory(kind: noKind)
    }

    private struct Header {
        let timeNs: UInt64
        let count: UInt32
        let stacks: StackKinds
    }

    /// What a fault is before it has been read: it is written in place.
    private static let blank = PageFault(
        timeNs: 0, address: 0, ip: 0, kind: noKind, thread: FaultThread(pid: 0, tid: 0, uid: 0, comm: ThreadName([])), cpu: 0)
    private static let noKind = FaultKind(traits: FaultTraits(rawValue: 0), errorCode: nil)

    /// - Parameter isContinuation: whether the first batch may bear any number, because those before it are elsewhere.
    public init(isContinuation: Bool = false) { sequence = isContinuation ? nil : 0 }

    /// How many events a batch's payload says that it holds; nil: it is too short to say.
    public static func eventCount(_ payload: [UInt8]) -> UInt32? {
        guard payload.count >= BatchFormat.headerSize else { return nil }
        return payload.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 16, as: UInt32.self)) }
    }

    /// Appends the batch's faults in the order of sending.
    ///
    /// - Throws: `WireError` at the first byte that cannot be; faults before it have been appended.
    public mutating func decode(_ payload: [UInt8], into faults: inout [PageFault]) throws(WireError) {
        var reader = ByteReader(payload.span.bytes)
        let header = try begin(&reader)
        let room = min(Int(header.count), reader.remaining / BatchFormat.shortestEvent)
        var end = faults.count
        faults.append(contentsOf: repeatElement(Self.blank, count: room))
        defer { faults.removeLast(faults.count - end) }
        try fill(&faults, from: &end, header, &reader)
        guard room == Int(header.count) else { throw .truncated }
        try reader.finish()
    }

    /// - Parameter place: where the next fault belongs.
    private mutating func fill(
        _ faults: inout [PageFault], from place: inout Int, _ header: Header, _ reader: inout ByteReader
    ) throws(WireError) {
        var faults = faults.mutableSpan
        var (time, last) = (header.timeNs, -1)
        while place < faults.count {
            let tag = try reader.u8()
            time &+= UInt64(bitPattern: try reader.signedVarint())
            try thread(tag, &last, &reader)
            faults[place].timeNs = time
            try fault(&faults[place], tag, last, &reader)
            if !header.stacks.isEmpty { faults[place].stacks = try faultStacks(header.stacks, &reader) }
            place += 1
        }
    }

    /// Reads the header and forgets the batch before.
    private mutating func begin(_ reader: inout ByteReader) throws(WireError) -> Header {
        threads.removeAll(keepingCapacity: true)
        kinds.removeAll(keepingCapacity: true)
        for slot in ips.indices { ips[slot] = 0 }
        let number = try reader.u64()
        guard number == sequence ?? number else { throw .badValue("batch number") }
        sequence = number &+ 1
        return Header(timeNs: try reader.u64(), count: try reader.u32(), stacks: try StackKinds(&reader))
    }

    private func faultStacks(_ kinds: StackKinds, _ reader: inout ByteReader) throws(WireError) -> FaultStacks {
        FaultStacks(
            user: kinds.contains(.user) ? try stack(&reader) : 0, kernel: kinds.contains(.kernel) ? try stack(&reader) : 0)
    }

    private func stack(_ reader: inout ByteReader) throws(WireError) -> UInt32 {
        switch try reader.varint() {
        case BatchFormat.noStack: return 0
        case BatchFormat.lostStack: return FaultStacks.lost
        case let number:
            guard number <= UInt64(UInt32.max) else { throw .badValue("stack's number") }
            return UInt32(number - 1)
        }
    }

    // MARK: The parts of an event

    @inline(__always)
    private mutating func thread(_ tag: UInt8, _ last: inout Int, _ reader: inout ByteReader) throws(WireError) {
        switch tag & BatchFormat.Tag.threadMask {
        case BatchFormat.Tag.sameThread: break
        case BatchFormat.Tag.knownThread: last = Int(truncatingIfNeeded: try reader.varint())
        case BatchFormat.Tag.newThread:
            last = threads.count
            try defineThread(&reader)
        default: throw .badValue("thread tag")
        }
        guard last >= 0, last < threads.count else { throw .badValue("thread") }
    }

    private mutating func defineThread(_ reader: inout ByteReader) throws(WireError) {
        guard threads.count < BatchFormat.threadLimit else { throw .badValue("number of threads") }
        let pid: UInt32 = try reader.varint("process id")
        let tid: UInt32 = try reader.varint("thread id")
        let uid: UInt32 = try reader.varint("user id")
        let length = Int(try reader.u8())
        guard length <= ThreadName.capacity else { throw .badValue("thread name") }
        var comm: [UInt8] = []
        for _ in 0..<length { comm.append(try reader.u8()) }
        threads.append(Thread(identity: FaultThread(pid: pid, tid: tid, uid: uid, comm: ThreadName(comm))))
    }

    @inline(__always)
    private mutating func fault(
        _ fault: inout PageFault, _ tag: UInt8, _ thread: Int, _ reader: inout ByteReader
    ) throws(WireError) {
        var history = threads[thread].history
        guard BatchFormat.isPossible(tag) else { throw .badValue("event tag") }
        if tag & BatchFormat.Tag.ip != 0 { history.ip = try ip(tag, after: history.ip, &reader) }
        if tag & BatchFormat.Tag.kind != 0 { history.kind = try kind(&reader) }
        if tag & BatchFormat.Tag.cpu != 0 { history.cpu = try reader.varint("CPU number") }
        var address = history.expectedAddress
        if tag & BatchFormat.Tag.address != 0 { address &+= UInt64(bitPattern: try reader.signedVarint()) }
        history.moved(to: address)
        if tag & BatchFormat.Tag.latency != 0 { fault.latencyNs = try reader.varint() }
        threads[thread].history = history
        (fault.address, fault.ip, fault.kind, fault.cpu) = (address, history.ip, history.kind, history.cpu)
        fault.thread = threads[thread].identity
    }

    @inline(__always)
    private mutating func ip(
        _ tag: UInt8, after last: UInt64, _ reader: inout ByteReader
    ) throws(WireError) -> UInt64 {
        if tag & BatchFormat.Tag.ipFromCache != 0 { return ips[Int(try reader.u8())] }
        let ip = last &+ UInt64(bitPattern: try reader.signedVarint())
        ips[BatchFormat.slot(ip: ip)] = ip
        return ip
    }

    @inline(__always)
    private mutating func kind(_ reader: inout ByteReader) throws(WireError) -> FaultKind {
        let number = Int(try reader.u8())
        if number == kinds.count, number < BatchFormat.kindLimit { try defineKind(&reader) }
        guard number < kinds.count else { throw .badValue("kind of fault") }
        return kinds[number]
    }

    private mutating func defineKind(_ reader: inout ByteReader) throws(WireError) {
        let errorKind = try reader.u8()
        let traits = FaultTraits(rawValue: try reader.u8())
        let value = try reader.varint()
        let errorCode: ErrorCode? = switch UInt32(errorKind) {
        case FAULT_ERROR_NONE.rawValue: nil
        case FAULT_ERROR_X86.rawValue: .x86(value)
        case FAULT_ERROR_ESR.rawValue: .esr(value)
        default: throw .badValue("error code's kind")
        }
        kinds.append(FaultKind(traits: traits, errorCode: errorCode))
    }
}
