/// Where in a process's memory an address is: in what mapping, and how far into what that maps.
public struct MemoryPlace: BitwiseCopyable, Equatable, Hashable, Sendable {
    /// The mapping's name, by its number among the trace's names; zero: nothing is known to be there.
    public var name: UInt32
    public var region: MemoryRegion
    /// Into the file, or into the mapping where there is no file.
    public var offset: UInt64

    public init(name: UInt32 = 0, region: MemoryRegion = .unknown, offset: UInt64 = 0) {
        self.name = name
        self.region = region
        self.offset = offset
    }

    public static let unknown = MemoryPlace()
}
