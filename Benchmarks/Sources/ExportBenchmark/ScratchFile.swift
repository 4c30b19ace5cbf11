#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// What this process has used of CPUs.
func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

struct ScratchError: Error {
    let text: String
}

/// A file that is written and removed.
final class ScratchFile: Sendable {
    let path: String
    private let descriptor: Int32

    init(_ path: String) throws(ScratchError) {
        self.path = path
        unlink(path)
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        if descriptor < 0 { throw ScratchError(text: "cannot write \(path)") }
    }

    func write(_ bytes: RawSpan) throws(ScratchError) {
        let written = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
        if written != bytes.byteCount { throw ScratchError(text: "cannot write \(path)") }
    }

    func remove() {
        close(descriptor)
        unlink(path)
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
