public import FaultModel

/// The trace that the controller asks for.
public struct Start: Equatable, Sendable {
    /// nil: the best that the preflight found.
    public var source: FaultSource?
    public var transport: Transport?
    /// Whether each fault is followed to its end, for its outcome and latency; that about doubles what it costs.
    public var wantsOutcome: Bool
    /// Which stacks each fault is to bear.
    public var stacks: StackKinds
    /// nil: every fault is an event; otherwise they are only counted.
    public var tally: TallyWish?
    /// Bytes for all CPUs together; zero: the agent's default.
    public var bufferSize: UInt64
    public var filter: FaultFilter
    /// A program to run with its arguments in the agent's own environment, traced with its descendants from its first
    /// fault; empty: none.
    public var command: [String]
    /// Ends the trace after this many events; zero: never.
    public var eventLimit: UInt64
    /// A controller on the same machine, whose own faults are not wanted; zero: elsewhere.
    public var controllerPid: UInt32

    public init(
        source: FaultSource? = nil, transport: Transport? = nil, wantsOutcome: Bool = true,
        stacks: StackKinds = [], tally: TallyWish? = nil, bufferSize: UInt64 = 0,
        filter: FaultFilter = FaultFilter(), command: [String] = [], eventLimit: UInt64 = 0, controllerPid: UInt32 = 0
    ) {
        self.source = source
        self.transport = transport
        self.wantsOutcome = wantsOutcome
        self.stacks = stacks
        self.tally = tally
        self.bufferSize = bufferSize
        self.filter = filter
        self.command = command
        self.eventLimit = eventLimit
        self.controllerPid = controllerPid
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        source = try reader.optionallyKnown("source")
        transport = try reader.optionallyKnown("transport")
        wantsOutcome = try reader.bool()
        stacks = try StackKinds(&reader)
        tally = try reader.bool() ? try TallyWish(&reader) : nil
        bufferSize = try reader.u64()
        filter = try FaultFilter(&reader)
        command = try reader.list { reader throws(WireError) in try reader.string() }
        eventLimit = try reader.u64()
        controllerPid = try reader.u32()
    }

    func write(to writer: inout ByteWriter) {
        writer.u8(source?.rawValue ?? 0)
        writer.u8(transport?.rawValue ?? 0)
        writer.bool(wantsOutcome)
        writer.u8(stacks.rawValue)
        writer.bool(tally != nil)
        tally?.write(to: &writer)
        writer.u64(bufferSize)
        filter.write(to: &writer)
        writer.list(command) { $0.string($1) }
        writer.u64(eventLimit)
        writer.u32(controllerPid)
    }
}

extension FaultFilter {
    init(_ reader: inout ByteReader) throws(WireError) {
        self.init()
        pids = try reader.list { reader throws(WireError) in try reader.u32() }
        excludedPids = try reader.list { reader throws(WireError) in try reader.u32() }
        followsChildren = try reader.bool()
        uids = try reader.list { reader throws(WireError) in try reader.u32() }
        excludedUids = try reader.list { reader throws(WireError) in try reader.u32() }
        comms = try reader.list { reader throws(WireError) in try reader.string() }
        excludedComms = try reader.list { reader throws(WireError) in try reader.string() }
        modes = try reader.list { reader throws(WireError) in try reader.known("mode") }
        accesses = try reader.list { reader throws(WireError) in try reader.known("access") }
        present = try reader.optionalBool()
        addresses = try reader.optionalRange()
        sampleEvery = try reader.u32()
        guard sampleEvery > 0 else { throw .badValue("sampling rate") }
        tids = try reader.list { reader throws(WireError) in try reader.u32() }
        packages = try reader.list { reader throws(WireError) in try reader.string() }
        outcomes = try reader.list { reader throws(WireError) in try reader.known("outcome") }
        minimumLatencyNs = try reader.u64()
        rateLimit = try reader.u32()
    }

    func write(to writer: inout ByteWriter) {
        writer.list(pids) { $0.u32($1) }
        writer.list(excludedPids) { $0.u32($1) }
        writer.bool(followsChildren)
        writer.list(uids) { $0.u32($1) }
        writer.list(excludedUids) { $0.u32($1) }
        writer.list(comms) { $0.string($1) }
        writer.list(excludedComms) { $0.string($1) }
        writer.list(modes) { $0.u8($1.rawValue) }
        writer.list(accesses) { $0.u8($1.rawValue) }
        writer.optionalBool(present)
        writer.optionalRange(addresses)
        writer.u32(sampleEvery)
        writer.list(tids) { $0.u32($1) }
        writer.list(packages) { $0.string($1) }
        writer.list(outcomes) { $0.u8($1.rawValue) }
        writer.u64(minimumLatencyNs)
        writer.u32(rateLimit)
    }
}

extension ByteReader {
    /// The raw value of an enum; zero for nil.
    mutating func optionallyKnown<Value: RawRepresentable<UInt8>>(
        _ field: StaticStringBox
    ) throws(WireError) -> Value? {
        let raw = try u8()
        if raw == 0 { return nil }
        guard let value = Value(rawValue: raw) else { throw .badValue(field) }
        return value
    }

    mutating func optionalBool() throws(WireError) -> Bool? { try bool() ? try bool() : nil }

    mutating func optionalRange() throws(WireError) -> Range<UInt64>? {
        guard try bool() else { return nil }
        let low = try u64()
        let high = try u64()
        guard low < high else { throw .badValue("address range") }
        return low..<high
    }
}

extension ByteWriter {
    mutating func optionalBool(_ value: Bool?) {
        bool(value != nil)
        if let value { bool(value) }
    }

    mutating func optionalRange(_ value: Range<UInt64>?) {
        bool(value != nil)
        guard let value else { return }
        u64(value.lowerBound)
        u64(value.upperBound)
    }
}
