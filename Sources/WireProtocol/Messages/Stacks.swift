public import FaultModel

/// A stack that events refer to. It stands for the same addresses until the same number is told again.
public struct StackTrace: Equatable, Sendable {
    /// Never zero, nor `FaultStacks.lost`.
    public var id: UInt32
    public var isKernel: Bool
    /// It goes on beyond the last frame.
    public var isTruncated: Bool
    /// Return addresses, the leaf's own instruction first; without pointer tags and authentication codes.
    public var frames: [UInt64]

    public init(id: UInt32, isKernel: Bool = false, isTruncated: Bool = false, frames: [UInt64]) {
        self.id = id
        self.isKernel = isKernel
        self.isTruncated = isTruncated
        self.frames = frames
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        id = try reader.u32()
        guard id != 0, id != FaultStacks.lost else { throw .badValue("stack's number") }
        isKernel = try reader.bool()
        isTruncated = try reader.bool()
        frames = try reader.list { reader throws(WireError) in try reader.u64() }
    }

    func write(to writer: inout ByteWriter) {
        writer.u32(id)
        writer.bool(isKernel)
        writer.bool(isTruncated)
        writer.list(frames) { $0.u64($1) }
    }
}

/// Asks what functions stand at places of a file.
public struct Symbolise: Equatable, Sendable {
    /// A process that has the file mapped, through whose eyes it is opened.
    public var pid: UInt32
    /// As its mapping has it: a path, `[vdso]`, or `[kernel]`.
    public var file: String
    /// Which of those that have or had this path; unknown: whichever has it now.
    public var identity: FileIdentity
    /// Into the file, into [vdso], or the kernel's addresses.
    public var offsets: [UInt64]

    public init(pid: UInt32, file: String, identity: FileIdentity = .unknown, offsets: [UInt64]) {
        self.pid = pid
        self.file = file
        self.identity = identity
        self.offsets = offsets
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        pid = try reader.u32()
        file = try reader.string()
        identity = try FileIdentity(&reader)
        offsets = try reader.list { reader throws(WireError) in try reader.u64() }
    }

    func write(to writer: inout ByteWriter) {
        writer.u32(pid)
        writer.string(file)
        identity.write(to: &writer)
        writer.list(offsets) { $0.u64($1) }
    }
}

/// The functions that stand at the places that were asked for, one for each, in their order.
public struct Symbols: Equatable, Sendable {
    public struct Symbol: Equatable, Sendable {
        /// The function's first place, and the first one past it.
        public var start: UInt64
        public var end: UInt64
        /// As the file has it; empty: there is none at this place.
        public var name: String

        public init(start: UInt64, end: UInt64, name: String) {
            self.start = start
            self.end = end
            self.name = name
        }
    }

    public var pid: UInt32
    public var file: String
    public var identity: FileIdentity
    /// Hexadecimal digits; empty: it has none.
    public var buildID: String
    /// Why there are no names, in a few words; empty: there are.
    public var problem: String
    public var list: [Symbol]

    public init(
        pid: UInt32, file: String, identity: FileIdentity = .unknown, buildID: String = "", problem: String = "", list: [Symbol] = []
    ) {
        self.pid = pid
        self.file = file
        self.identity = identity
        self.buildID = buildID
        self.problem = problem
        self.list = list
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        pid = try reader.u32()
        file = try reader.string()
        identity = try FileIdentity(&reader)
        buildID = try reader.string()
        problem = try reader.string()
        list = try reader.list { reader throws(WireError) in try Symbol(&reader) }
    }

    func write(to writer: inout ByteWriter) {
        writer.u32(pid)
        writer.string(file)
        identity.write(to: &writer)
        writer.string(buildID)
        writer.string(problem)
        writer.list(list) { writer, symbol in symbol.write(to: &writer) }
    }
}

extension Symbols.Symbol {
    init(_ reader: inout ByteReader) throws(WireError) {
        let start = try reader.u64()
        let end = try reader.u64()
        guard start < end else { throw .badValue("symbol's range") }
        self.init(start: start, end: end, name: try reader.string())
    }

    func write(to writer: inout ByteWriter) {
        writer.u64(start)
        writer.u64(end)
        writer.string(name)
    }
}

extension StackKinds {
    init(_ reader: inout ByteReader) throws(WireError) {
        let kinds = StackKinds(rawValue: try reader.u8())
        guard kinds.isSubset(of: [.user, .kernel]) else { throw .badValue("kinds of stack") }
        self = kinds
    }
}
