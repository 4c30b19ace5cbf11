public import FaultModel

/// Asks for a process's mappings again, because a fault fell where none is known.
public struct Look: Equatable, Sendable {
    public var pid: UInt32

    public init(pid: UInt32) { self.pid = pid }

    init(_ reader: inout ByteReader) throws(WireError) { pid = try reader.u32() }

    func write(to writer: inout ByteWriter) { writer.u32(pid) }
}

/// A process's mappings as they were at one moment. Many of them come in several messages of the same moment.
public struct Mappings: Equatable, Sendable {
    /// CLOCK_BOOTTIME.
    public var timeNs: UInt64
    public var pid: UInt32
    public var list: [MemoryMapping]

    public init(timeNs: UInt64, pid: UInt32, list: [MemoryMapping]) {
        self.timeNs = timeNs
        self.pid = pid
        self.list = list
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        timeNs = try reader.u64()
        pid = try reader.u32()
        list = try reader.list { reader throws(WireError) in try MemoryMapping(&reader) }
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(timeNs)
        writer.u32(pid)
        writer.list(list) { writer, mapping in mapping.write(to: &writer) }
    }
}

/// A mapping came to be, or became larger; what stood there before is gone.
public struct Mapped: Equatable, Sendable {
    /// CLOCK_BOOTTIME.
    public var timeNs: UInt64
    public var pid: UInt32
    public var mapping: MemoryMapping

    public init(timeNs: UInt64, pid: UInt32, mapping: MemoryMapping) {
        self.timeNs = timeNs
        self.pid = pid
        self.mapping = mapping
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        timeNs = try reader.u64()
        pid = try reader.u32()
        mapping = try MemoryMapping(&reader)
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(timeNs)
        writer.u32(pid)
        mapping.write(to: &writer)
    }
}

/// A process was born; it has its parent's mappings.
public struct Forked: Equatable, Sendable {
    /// CLOCK_BOOTTIME.
    public var timeNs: UInt64
    public var pid: UInt32
    public var parent: UInt32

    public init(timeNs: UInt64, pid: UInt32, parent: UInt32) {
        self.timeNs = timeNs
        self.pid = pid
        self.parent = parent
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        timeNs = try reader.u64()
        pid = try reader.u32()
        parent = try reader.u32()
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(timeNs)
        writer.u32(pid)
        writer.u32(parent)
    }
}

/// A process runs another program: its old mappings are gone.
public struct Executed: Equatable, Sendable {
    /// CLOCK_BOOTTIME.
    public var timeNs: UInt64
    public var pid: UInt32
    /// The main thread's new name.
    public var name: String

    public init(timeNs: UInt64, pid: UInt32, name: String) {
        self.timeNs = timeNs
        self.pid = pid
        self.name = name
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        timeNs = try reader.u64()
        pid = try reader.u32()
        name = try reader.string()
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(timeNs)
        writer.u32(pid)
        writer.string(name)
    }
}

/// A process has ended.
public struct Exited: Equatable, Sendable {
    /// CLOCK_BOOTTIME.
    public var timeNs: UInt64
    public var pid: UInt32

    public init(timeNs: UInt64, pid: UInt32) {
        self.timeNs = timeNs
        self.pid = pid
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        timeNs = try reader.u64()
        pid = try reader.u32()
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(timeNs)
        writer.u32(pid)
    }
}

extension MemoryMapping {
    init(_ reader: inout ByteReader) throws(WireError) {
        let start = try reader.u64()
        let end = try reader.u64()
        guard start < end else { throw .badValue("mapping's range") }
        self.init(
            start: start, end: end, offset: try reader.u64(), kind: try reader.known("mapping's kind"),
            isWritable: try reader.bool(), name: try reader.string(), file: try FileIdentity(&reader))
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(start)
        writer.u64(end)
        writer.u64(offset)
        writer.u8(kind.rawValue)
        writer.bool(isWritable)
        writer.string(name)
        file.write(to: &writer)
    }
}

extension FileIdentity {
    init(_ reader: inout ByteReader) throws(WireError) { self.init(device: try reader.u64(), inode: try reader.u64()) }

    func write(to writer: inout ByteWriter) {
        writer.u64(device)
        writer.u64(inode)
    }
}
