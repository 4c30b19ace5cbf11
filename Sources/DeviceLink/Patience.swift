import Synchronization
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Kills a process that has been given its time, so that one that hangs does not hold us up.
final class Patience: Sendable {
    private let watch = Mutex<Task<Void, any Error>?>(nil)

    /// From now on the process has this long.
    func begin(with pid: pid_t, limit: Duration = .seconds(2)) {
        let task = Task {
            try await Task.sleep(for: limit)
            _ = kill(pid, SIGKILL)
        }
        watch.withLock { watch in
            watch?.cancel()
            watch = task
        }
    }

    /// It has ended, or may go on.
    func end() { watch.withLock { $0?.cancel() } }
}
