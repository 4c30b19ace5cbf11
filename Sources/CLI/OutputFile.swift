#if canImport(System)
import System
#else
import SystemPackage
#endif

/// A file that a command makes, or standard output where it is called `-`.
final class OutputFile: Sendable {
    let path: String
    private let descriptor: FileDescriptor
    private let isOurs: Bool

    /// - Parameter overwrites: whether what is there may go.
    init(_ path: String, overwrites: Bool) throws(OutputFileError) {
        self.path = path
        isOurs = path != "-"
        descriptor = isOurs ? try Self.open(path, overwrites: overwrites) : .standardOutput
    }

    private static func open(_ path: String, overwrites: Bool) throws(OutputFileError) -> FileDescriptor {
        do {
            let file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: overwrites ? [.create, .truncate] : [.create],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            guard let size = try? file.seek(offset: 0, from: .end), size > 0 else { return file }
            try? file.close()
        } catch {
            throw .unwritable(path, error as? Errno ?? .ioError)
        }
        throw .exists(path)
    }

    deinit { if isOurs { try? descriptor.close() } }

    /// Adds bytes at the end.
    func write(_ bytes: RawSpan) throws(OutputError) {
        do {
            try bytes.withUnsafeBytes { _ = try descriptor.writeAll($0) }
        } catch {
            let errno = error as? Errno ?? .ioError
            throw errno == .brokenPipe ? .closed : .failed(errno)
        }
    }
}

/// A file that cannot be made.
enum OutputFileError: Error, Equatable, CustomStringConvertible {
    case exists(String)
    case unwritable(String, Errno)

    var description: String {
        switch self {
        case .exists(let path): "\(path) exists and is not empty; name another file, or overwrite it with --force"
        case .unwritable(let path, let errno): "cannot write \(path): \(errno); name a file in a folder that you can write to"
        }
    }
}
