public import FaultModel

/// That faults are to be counted instead of told, and how.
public struct TallyWish: Equatable, Sendable {
    public var key: TallyKey
    /// Between two rounds of counts.
    public var intervalNs: UInt64

    public init(key: TallyKey, intervalNs: UInt64) {
        self.key = key
        self.intervalNs = intervalNs
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        key = try reader.known("tally's key")
        intervalNs = try reader.u64()
        guard intervalNs > 0 else { throw .badValue("tally's interval") }
    }

    func write(to writer: inout ByteWriter) {
        writer.u8(key.rawValue)
        writer.u64(intervalNs)
    }
}

/// Faults that have been counted since the round before.
public struct Tally: Equatable, Sendable {
    public struct Row: Equatable, Sendable {
        public var pid: UInt32
        /// Zero unless threads are counted one by one.
        public var tid: UInt32
        public var uid: UInt32
        /// The thread's name when the row was opened.
        public var comm: String
        public var traits: FaultTraits
        /// The first address that the row stands for, and the first one past it; zero and zero: all.
        public var low: UInt64
        public var high: UInt64
        public var count: UInt64
        /// In all of them together, where the trace follows faults to their end.
        public var latencyNs: UInt64
        /// Faults by the logarithm of their latency: the nth of them took 2^n ns and more, but less than 2^(n+1).
        public var histogram: [UInt64]

        public init(
            pid: UInt32, tid: UInt32 = 0, uid: UInt32, comm: String, traits: FaultTraits, low: UInt64 = 0, high: UInt64 = 0,
            count: UInt64, latencyNs: UInt64 = 0, histogram: [UInt64] = []
        ) {
            self.pid = pid
            self.tid = tid
            self.uid = uid
            self.comm = comm
            self.traits = traits
            self.low = low
            self.high = high
            self.count = count
            self.latencyNs = latencyNs
            self.histogram = histogram
        }
    }

    public var rows: [Row]

    public init(rows: [Row]) { self.rows = rows }

    init(_ reader: inout ByteReader) throws(WireError) {
        rows = try reader.list { reader throws(WireError) in try Row(&reader) }
    }

    func write(to writer: inout ByteWriter) { writer.list(rows) { writer, row in row.write(to: &writer) } }
}

/// A round of counts is complete.
public struct Tallied: Equatable, Sendable {
    /// CLOCK_BOOTTIME: what the round counts until.
    public var timeNs: UInt64
    /// Faults since the start that found no room among the counts; they are in `Bye.lost`, too.
    public var overflow: UInt64

    public init(timeNs: UInt64, overflow: UInt64) {
        self.timeNs = timeNs
        self.overflow = overflow
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        timeNs = try reader.u64()
        overflow = try reader.u64()
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(timeNs)
        writer.u64(overflow)
    }
}

extension Tally.Row {
    /// A latency has 64 bits.
    private static let histogramLimit = 64

    init(_ reader: inout ByteReader) throws(WireError) {
        pid = try reader.u32()
        tid = try reader.u32()
        uid = try reader.u32()
        comm = try reader.string()
        traits = FaultTraits(rawValue: try reader.u8())
        low = try reader.u64()
        high = try reader.u64()
        count = try reader.u64()
        latencyNs = try reader.u64()
        histogram = try reader.list { reader throws(WireError) in try reader.u64() }
        guard histogram.count <= Self.histogramLimit else { throw .badValue("histogram") }
    }

    func write(to writer: inout ByteWriter) {
        writer.u32(pid)
        writer.u32(tid)
        writer.u32(uid)
        writer.string(comm)
        writer.u8(traits.rawValue)
        writer.u64(low)
        writer.u64(high)
        writer.u64(count)
        writer.u64(latencyNs)
        writer.list(histogram) { $0.u64($1) }
    }
}
