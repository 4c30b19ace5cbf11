import Glibc

/// A file without a place on a disk, for what reads files by their paths.
public struct MemoryFile: Sendable {
    private let descriptor: Int32

    /// One for all runs of a target. It has a name only for a moment.
    public init() {
        let name = "/faultline-fuzzing-\(getpid())"
        descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        require(descriptor >= 0 && shm_unlink(name) == 0, "there is a file in memory")
    }

    /// Opens it anew, from its beginning.
    public var path: String { "/proc/self/fd/\(descriptor)" }

    public func fill(_ bytes: [UInt8]) {
        require(ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, "it takes what is written")
    }
}
