/// Where the kernel's tracing files are.
enum Tracefs: Equatable, Sendable {
    case found(String)
    /// It was not mounted, and is for as long as it is needed.
    case mounted(String)
    /// Not mounted, and mounting it was refused.
    case missing(Errno)

    var path: String? {
        switch self {
        case .found(let path), .mounted(let path): path
        case .missing: nil
        }
    }
}
