/// One page fault, as far as its source can tell.
public struct PageFault: BitwiseCopyable, Equatable, Sendable {
    /// CLOCK_BOOTTIME, nanoseconds: when the fault was first seen.
    public var timeNs: UInt64
    /// The address that faulted.
    public var address: UInt64
    /// The instruction that faulted.
    public var ip: UInt64
    public var kind: FaultKind
    public var thread: FaultThread
    /// From when the fault was first seen until it was completed; nil: this source cannot tell.
    public var latencyNs: UInt64?
    public var cpu: UInt16
    /// nil: what is known of the fault does not tell.
    public var cause: FaultCause?
    /// Where the address is in the process's memory, and the instruction.
    public var place = MemoryPlace.unknown
    public var code = MemoryPlace.unknown
    public var stacks = FaultStacks()
    /// The process, by its number among the trace's names; zero: nobody has told of it.
    public var process: UInt32 = 0

    public init(
        timeNs: UInt64, address: UInt64, ip: UInt64, kind: FaultKind, thread: FaultThread, cpu: UInt16,
        latencyNs: UInt64? = nil
    ) {
        self.timeNs = timeNs
        self.latencyNs = latencyNs
        self.address = address
        self.ip = ip
        self.kind = kind
        self.thread = thread
        self.cpu = cpu
    }
}

/// What kind of access faulted and how: the few combinations that repeat.
public struct FaultKind: BitwiseCopyable, Equatable, Hashable, Sendable {
    public var traits: FaultTraits
    /// The processor's own word for it, where the source hands it on.
    public var errorCode: ErrorCode?

    public init(traits: FaultTraits, errorCode: ErrorCode?) {
        self.traits = traits
        self.errorCode = errorCode
    }
}

/// The thread that faulted, under the name that it had then.
public struct FaultThread: BitwiseCopyable, Equatable, Hashable, Sendable {
    /// The thread group's id, as the initial pid namespace numbers it: what user space calls the process id.
    public var pid: UInt32
    public var tid: UInt32
    /// Real user id, as the initial user namespace numbers it.
    public var uid: UInt32
    public var comm: ThreadName

    public init(pid: UInt32, tid: UInt32, uid: UInt32, comm: ThreadName) {
        self.pid = pid
        self.tid = tid
        self.uid = uid
        self.comm = comm
    }
}

/// A thread's name (`comm`): at most fifteen bytes, of whatever encoding, held in place.
public struct ThreadName: BitwiseCopyable, Equatable, Hashable, Sendable {
    public static let capacity = 16
    /// What the kernel keeps of a name, in bytes: TASK_COMM_LEN without the zero at its end (include/linux/sched.h).
    public static let keptLength = capacity - 1

    private var words: (low: UInt64, high: UInt64)

    /// The sixteen bytes as the kernel stores them; what stands behind the first zero does not count.
    public init(_ bytes: [UInt8]) {
        words = (0, 0)
        for (place, byte) in bytes.prefix(Self.capacity).enumerated() {
            if byte == 0 { break }
            set(place, byte)
        }
    }

    public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.low)
        hasher.combine(words.high)
    }

    /// The bytes up to the first zero.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: (words.low.littleEndian, words.high.littleEndian)) { Array($0.prefix { $0 != 0 }) }
    }

    /// The name as text; what is not UTF-8 is replaced.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    private mutating func set(_ place: Int, _ byte: UInt8) {
        let bits = UInt64(byte) << UInt64(place % 8 * 8)
        if place < 8 { words.low |= bits } else { words.high |= bits }
    }
}
