/// A range of a process's addresses and what stands behind it.
public struct MemoryMapping: Equatable, Sendable {
    /// The first address, and the first one past the range.
    public var start: UInt64
    public var end: UInt64
    /// How far into the file it begins, in bytes; means nothing without a file.
    public var offset: UInt64
    public var kind: MappingKind
    /// Whether it can be written to.
    public var isWritable: Bool
    /// As /proc/PID/maps has it: a path, `[heap]`, `[anon:…]`; empty for memory without a name.
    public var name: String
    public var file: FileIdentity

    public init(
        start: UInt64, end: UInt64, offset: UInt64 = 0, kind: MappingKind, isWritable: Bool = true, name: String = "",
        file: FileIdentity = .unknown
    ) {
        self.start = start
        self.end = end
        self.offset = offset
        self.kind = kind
        self.isWritable = isWritable
        self.name = name
        self.file = file
    }
}
