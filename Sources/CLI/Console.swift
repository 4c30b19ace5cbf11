#if canImport(System)
import System
#else
import SystemPackage
#endif

/// The output cannot be written any more.
enum OutputError: Error, Equatable, CustomStringConvertible {
    /// Whoever read it has gone, as `head` does when it has seen enough.
    case closed
    case failed(Errno)
    /// The file of this path.
    case unwritten(String, reason: String)

    var description: String {
        switch self {
        case .closed: "nobody reads the output any more; give it a reader that stays"
        case .failed(let errno): "cannot write the output: \(errno); make room or write elsewhere, and run it again"
        case .unwritten(let path, let reason): "cannot write \(path): \(reason); make room or name another file"
        }
    }
}

/// The two streams that a person or a program reads.
enum Console {
    /// Everything but events.
    static func error(_ text: String) {
        let line = text.hasSuffix("\n") ? text : text + "\n"
        _ = try? FileDescriptor.standardError.writeAll(line.utf8)
    }

    /// A line in place of the one that stands there; on a terminal.
    static func write(line: String) { _ = try? FileDescriptor.standardError.writeAll(("\r\u{1b}[K" + line).utf8) }

    /// Events and what was asked for.
    static func write(_ bytes: RawSpan) throws(OutputError) {
        do {
            try bytes.withUnsafeBytes { _ = try FileDescriptor.standardOutput.writeAll($0) }
        } catch let errno as Errno {
            throw errno == .brokenPipe ? .closed : .failed(errno)
        } catch {
            throw .closed
        }
    }

    static func write(_ text: String) throws(OutputError) { try write(Array(text.utf8).span.bytes) }
}
