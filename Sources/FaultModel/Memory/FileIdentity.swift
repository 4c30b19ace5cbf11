/// Which file it is that has a path: another one may get the path later, and has it in another mount namespace.
public struct FileIdentity: BitwiseCopyable, Hashable, Sendable {
    /// What its file system is on, as /proc/PID/maps has it (proc(5)): the major number in the upper half, the minor one in the lower.
    public var device: UInt64
    /// Its number there; zero: it is no file, or nobody knows.
    public var inode: UInt64

    public init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }

    public static let unknown = FileIdentity(device: 0, inode: 0)
}
