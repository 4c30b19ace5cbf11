/// A process of a trace, from its birth or its exec to its end.
public struct TracedProcess: Equatable, Sendable {
    public var pid: UInt32 = 0
    /// Its full name: the Android process's, or that of its program.
    public var name = ""

    public init() {}
}
