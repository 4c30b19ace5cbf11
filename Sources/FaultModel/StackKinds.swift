/// Which stacks go with a fault.
public struct StackKinds: OptionSet, BitwiseCopyable, Equatable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let user = StackKinds(rawValue: 1)
    public static let kernel = StackKinds(rawValue: 2)
}

/// The stacks of one fault, by the numbers under which they have been told; zero: there is none.
public struct FaultStacks: BitwiseCopyable, Equatable, Hashable, Sendable {
    public var user: UInt32
    public var kernel: UInt32

    /// There should be one, and the kernel had no room for it.
    public static let lost = UInt32.max

    public init(user: UInt32 = 0, kernel: UInt32 = 0) {
        self.user = user
        self.kernel = kernel
    }
}
