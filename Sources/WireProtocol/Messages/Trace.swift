public import FaultModel

/// The trace is on: every fault from `timeNs` on that passes the filter is an event or counted as lost.
public struct Started: Equatable, Sendable {
    public var source: FaultSource
    public var transport: Transport
    public var columns: [Column]
    /// Every other column, and why the trace does not have it.
    public var missing: [MissingColumn]
    /// The kernel buffer's size in bytes, all CPUs together, as the kernel took it.
    public var bufferSize: UInt64
    /// CLOCK_BOOTTIME.
    public var timeNs: UInt64
    /// CLOCK_REALTIME at the same moment, to give wall-clock times.
    public var wallClockNs: UInt64
    /// The command's process id; zero: there is none.
    public var commandPid: UInt32

    public init(
        source: FaultSource, transport: Transport, columns: [Column], missing: [MissingColumn] = [], bufferSize: UInt64,
        timeNs: UInt64, wallClockNs: UInt64, commandPid: UInt32
    ) {
        self.source = source
        self.transport = transport
        self.columns = columns
        self.missing = missing
        self.bufferSize = bufferSize
        self.timeNs = timeNs
        self.wallClockNs = wallClockNs
        self.commandPid = commandPid
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        source = try reader.known("source")
        transport = try reader.known("transport")
        columns = try reader.list { reader throws(WireError) in try reader.known("column") }
        missing = try reader.list { reader throws(WireError) in try MissingColumn(&reader) }
        bufferSize = try reader.u64()
        timeNs = try reader.u64()
        wallClockNs = try reader.u64()
        commandPid = try reader.u32()
    }

    func write(to writer: inout ByteWriter) {
        writer.u8(source.rawValue)
        writer.u8(transport.rawValue)
        writer.list(columns) { $0.u8($1.rawValue) }
        writer.list(missing) { writer, gap in gap.write(to: &writer) }
        writer.u64(bufferSize)
        writer.u64(timeNs)
        writer.u64(wallClockNs)
        writer.u32(commandPid)
    }
}

/// Which run of the device this is: another one has other processes under the same numbers, and a clock of its own.
public struct Boot: Equatable, Sendable {
    /// As /proc/sys/kernel/random/boot_id has it; empty: not known.
    public var id: String

    public init(id: String) { self.id = id }

    init(_ reader: inout ByteReader) throws(WireError) { id = try reader.string() }

    func write(to writer: inout ByteWriter) { writer.string(id) }
}

/// All events up to `completeUntilNs` have been sent: whoever sorts by time may let them go.
public struct Round: Equatable, Sendable {
    /// CLOCK_BOOTTIME.
    public var completeUntilNs: UInt64

    public init(completeUntilNs: UInt64) { self.completeUntilNs = completeUntilNs }

    init(_ reader: inout ByteReader) throws(WireError) { completeUntilNs = try reader.u64() }

    func write(to writer: inout ByteWriter) { writer.u64(completeUntilNs) }
}

/// Faults that passed the filter and found no room, and where in the stream they are missing.
public struct Lost: Equatable, Sendable {
    public var cpu: UInt32
    public var count: UInt64
    /// CLOCK_BOOTTIME of the first and the last of them, as far as the kernel told.
    public var firstNs: UInt64
    public var lastNs: UInt64

    public init(cpu: UInt32, count: UInt64, firstNs: UInt64, lastNs: UInt64) {
        self.cpu = cpu
        self.count = count
        self.firstNs = firstNs
        self.lastNs = lastNs
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        cpu = try reader.u32()
        count = try reader.u64()
        firstNs = try reader.u64()
        lastNs = try reader.u64()
    }

    func write(to writer: inout ByteWriter) {
        writer.u32(cpu)
        writer.u64(count)
        writer.u64(firstNs)
        writer.u64(lastNs)
    }
}

/// The agent's own cost, once a second.
public struct Stats: Equatable, Sendable {
    public var cpuTimeNs: UInt64
    public var residentBytes: UInt64
    public var events: UInt64
    public var bytesSent: UInt64

    public init(cpuTimeNs: UInt64, residentBytes: UInt64, events: UInt64, bytesSent: UInt64) {
        self.cpuTimeNs = cpuTimeNs
        self.residentBytes = residentBytes
        self.events = events
        self.bytesSent = bytesSent
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        cpuTimeNs = try reader.u64()
        residentBytes = try reader.u64()
        events = try reader.u64()
        bytesSent = try reader.u64()
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(cpuTimeNs)
        writer.u64(residentBytes)
        writer.u64(events)
        writer.u64(bytesSent)
    }
}

/// The command has ended, with what wait4(2) says of it and of the children that it waited for.
public struct CommandEnded: Equatable, Sendable {
    /// As a shell gives it: the exit status, or 128 and the signal's number.
    public var status: UInt32
    /// getrusage(2): ru_minflt and ru_majflt.
    public var minorFaults: UInt64
    public var majorFaults: UInt64

    public init(status: UInt32, minorFaults: UInt64, majorFaults: UInt64) {
        self.status = status
        self.minorFaults = minorFaults
        self.majorFaults = majorFaults
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        status = try reader.u32()
        minorFaults = try reader.u64()
        majorFaults = try reader.u64()
    }

    func write(to writer: inout ByteWriter) {
        writer.u32(status)
        writer.u64(minorFaults)
        writer.u64(majorFaults)
    }
}
