#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// RLIMIT_NOFILE. SwiftNIO and the threads' own plumbing end the process when they find no room.
enum OpenFiles {
    /// Raises the soft limit to what this program needs. More would do no good, and what it starts inherits the limit.
    ///
    /// - Returns: what to tell the user where so many are not allowed.
    static func shortage() -> String? {
        // Each of SwiftNIO's event loops has three or four.
        let needed = 64 + 4 * rlim_t(max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))))
        var limit = rlimit()
        guard getrlimit(kind, &limit) == 0, limit.rlim_cur < needed else { return nil }
        limit.rlim_cur = min(needed, limit.rlim_max)
        if setrlimit(kind, &limit) == 0, limit.rlim_cur >= needed { return nil }
        return "\(limit.rlim_cur) open files are allowed where \(needed) are needed; raise the limit with ulimit -n \(needed)"
    }

    #if canImport(Glibc)
    private static let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
    private static let kind = RLIMIT_NOFILE
    #endif
}
