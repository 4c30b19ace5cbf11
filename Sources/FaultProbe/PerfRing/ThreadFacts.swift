import CLinux

/// A thread's name as the kernel keeps it: sixteen bytes, filled up with zeros.
typealias CommWords = (UInt64, UInt64)

/// What nobody's record tells of a thread that was there before the trace. Each answer is nil once the thread is gone.
struct ThreadFacts {
    var name: (_ tid: UInt32) -> CommWords?
    /// The real user.
    var user: (_ tid: UInt32) -> UInt32?

    /// /proc's.
    static var live: ThreadFacts {
        ThreadFacts(
            name: { tid in
                var name: CommWords = (0, 0)
                let result = withUnsafeMutableBytes(of: &name) {
                    linux_thread_name(tid, $0.baseAddress?.assumingMemoryBound(to: CChar.self))
                }
                return result == 0 ? name : nil
            },
            user: { tid in
                let user = linux_thread_user(tid)
                return user < 0 ? nil : UInt32(truncatingIfNeeded: user)
            })
    }
}
