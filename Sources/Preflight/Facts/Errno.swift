import CLinux

/// A Linux error number, positive as in errno(3).
struct Errno: Error, Equatable, Sendable {
    var code: Int32

    static let notPermitted = Errno(code: 1)
    static let noSuchFile = Errno(code: 2)
    static let accessDenied = Errno(code: 13)
    static let noSuchDevice = Errno(code: 19)
    static let invalid = Errno(code: 22)
    static let noSuchCall = Errno(code: 38)
    static let malformed = Errno(code: 74)
    /// ENOTSUPP: the kernel's own, which leaks out of bpf(2) and which libc has no name for.
    static let notSupported = Errno(code: 524)

    /// Whether it speaks of rights and not of what the kernel can do.
    var isPermission: Bool { self == .notPermitted || self == .accessDenied }

    /// Whether it tells of us and not of the kernel: EINTR, EAGAIN, ENOMEM, ENFILE, EMFILE.
    var isShortage: Bool { code == 4 || code == 11 || code == 12 || code == 23 || code == 24 }

    /// Name and number: `EPERM (1)`.
    var text: String { "\(name) (\(code))" }

    private var name: String {
        self == .notSupported ? "ENOTSUPP" : String(cString: linux_error_name(code))
    }
}

/// What a file or a call told, or why it did not.
typealias Reading<Value> = Result<Value, Errno>

extension Result where Failure == Errno {
    var value: Success? {
        switch self {
        case .success(let value): value
        case .failure: nil
        }
    }

    var errno: Errno? {
        switch self {
        case .success: nil
        case .failure(let errno): errno
        }
    }
}
