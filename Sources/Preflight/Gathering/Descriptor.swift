import CLinux

/// A file descriptor that is closed when it goes out of scope.
struct Descriptor: ~Copyable {
    let number: Int32

    /// - Parameter result: what the system call returned: a descriptor or a negative error number.
    init(_ result: Int32) throws(Errno) {
        guard result >= 0 else { throw Errno(code: -result) }
        number = result
    }

    deinit { linux_close(number) }
}

/// Throws what a system call returned, when that is a negative error number.
func require(_ result: Int32) throws(Errno) {
    if result < 0 { throw Errno(code: -result) }
}
