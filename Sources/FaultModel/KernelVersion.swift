/// The two numbers of a release that tell what upstream had by then; vendors add to it, hence only a hint.
public struct KernelVersion: Comparable, Sendable {
    public var major: Int
    public var minor: Int

    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// - Parameter release: as uname(2) has it, for example `5.10.101-android12-9`.
    public init?(release: String) {
        let parts = release.utf8.split(separator: UInt8(ascii: "."), maxSplits: 2)
        guard parts.count >= 2, let major = leadingNumber(parts[0]), let minor = leadingNumber(parts[1]) else {
            return nil
        }
        self.init(major, minor)
    }

    /// Whether the kernel lets go of its locks at the first write to a shared page, to throttle who writes much, has the fault taken
    /// again (fault_dirty_shared_page), and calls major what was taken again (mm_account_fault).
    public var retriesAreMajor: Bool { self >= KernelVersion(5, 9) && self < KernelVersion(6, 0) }

    public var text: String { "\(major).\(minor)" }

    public static func < (left: KernelVersion, right: KernelVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

private func leadingNumber(_ text: Substring.UTF8View) -> Int? {
    let digits = text.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self))
}
