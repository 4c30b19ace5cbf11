/// What a kernel's version says of its faults.
public struct KernelRelease: Sendable {
    private let version: (major: Int, minor: Int)

    /// - Parameter release: as `uname -r`; anything that is no version is one from before all others.
    public init(_ release: String) {
        let numbers = release.utf8.split(separator: UInt8(ascii: "."), maxSplits: 2).prefix(2).map { Self.number($0) }
        version = (numbers.first ?? 0, numbers.count > 1 ? numbers[1] : 0)
    }

    /// Whether the kernel lets go of its locks at the first write to a shared page, to throttle who writes much, has the fault taken
    /// again (fault_dirty_shared_page), and calls major what was taken again (mm_account_fault).
    public var retriesAreMajor: Bool { version >= (5, 9) && version < (6, 0) }

    /// The number that the text begins with.
    private static func number(_ text: String.UTF8View.SubSequence) -> Int {
        text.prefix { (48...57).contains($0) }.prefix(6).reduce(0) { $0 * 10 + Int($1) - 48 }
    }
}
