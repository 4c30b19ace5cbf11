import CFaultRecord
import FaultModel
import WireProtocol

extension fault_record {
    init(
        _ timeNs: UInt64, address: UInt64, ip: UInt64, code: (fault_error_kind, UInt64) = (FAULT_ERROR_NONE, 0),
        traits: UInt8 = 1, pid: UInt32 = 100, tid: UInt32 = 100, uid: UInt32 = 0, cpu: UInt16 = 0,
        comm: String = "worker"
    ) {
        self.init()
        (time_ns, self.address, self.ip) = (timeNs, address, ip)
        (error_kind, error_code, self.traits) = (UInt8(code.0.rawValue), code.1, traits)
        (self.pid, self.tid, self.uid, self.cpu) = (pid, tid, uid, cpu)
        name(comm)
    }

    /// Gives the thread another name.
    mutating func name(_ text: String) {
        let bytes = Array(text.utf8.prefix(Int(FAULT_COMM_LENGTH)))
        withUnsafeMutableBytes(of: &comm) { field in
            for place in field.indices { field[place] = place < bytes.count ? bytes[place] : 0 }
        }
    }

    /// The next fault of the same thread.
    mutating func move(to address: UInt64, after nanoseconds: UInt64) {
        self.address = address
        time_ns &+= nanoseconds
    }

    /// What must come out at the other end.
    var fault: PageFault {
        let code: ErrorCode? = switch UInt32(error_kind) {
        case FAULT_ERROR_X86.rawValue: .x86(error_code)
        case FAULT_ERROR_ESR.rawValue: .esr(error_code)
        default: nil
        }
        return PageFault(
            timeNs: time_ns, address: address, ip: ip,
            kind: FaultKind(traits: FaultTraits(rawValue: traits), errorCode: code),
            thread: FaultThread(
                pid: pid, tid: tid, uid: uid, comm: ThreadName(withUnsafeBytes(of: comm) { Array($0) })),
            cpu: cpu, latencyNs: latency_ns == 0 ? nil : latency_ns)
    }
}

/// The frame of a batch that holds them all.
func encodedBatch(_ records: [fault_record]) -> [UInt8] {
    var encoder = BatchEncoder()
    for record in records { encoder.append(record, timeNs: record.time_ns) }
    return encoder.take { Array($0) }
}

/// Frames of as many batches as it takes.
func encodedBatches(_ records: [fault_record], capacity: Int = 64 << 10) -> [[UInt8]] {
    var encoder = BatchEncoder(capacity: capacity)
    var frames: [[UInt8]] = []
    for record in records {
        encoder.append(record, timeNs: record.time_ns)
        if encoder.isFull { frames.append(encoder.take { Array($0) }) }
    }
    if encoder.count > 0 { frames.append(encoder.take { Array($0) }) }
    return frames
}

/// The faults in one stream's frames, each of which must be a batch of the length that it names.
func decoded(_ frames: [[UInt8]]) throws -> [PageFault] {
    var decoder = BatchDecoder()
    var faults: [PageFault] = []
    for frame in try cut(frames) {
        guard case .batch(let payload)? = try AgentMessage(frame) else { throw WireError.badValue("frame") }
        try decoder.decode(payload, into: &faults)
    }
    return faults
}

/// The frames in a stream that comes in these pieces.
func cut(_ pieces: [[UInt8]], maximumPayload: Int = Frame.maximumPayload) throws(WireError) -> [RawFrame] {
    var decoder = FrameDecoder(maximumPayload: maximumPayload)
    var frames: [RawFrame] = []
    for piece in pieces {
        piece.withUnsafeBytes { decoder.append($0) }
        while let frame = try decoder.next() { frames.append(frame) }
    }
    return frames
}

/// Numbers that look random and are the same in each run (SplitMix64, Steele et al. 2014).
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// Below the bound.
    mutating func below(_ bound: UInt64) -> UInt64 { next() % bound }

    /// True once in so many.
    mutating func once(in times: UInt64) -> Bool { below(times) == 0 }

    mutating func bytes(_ count: Int, below bound: UInt64 = 256) -> [UInt8] {
        (0..<count).map { _ in UInt8(below(bound)) }
    }
}
