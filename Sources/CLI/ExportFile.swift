#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif
#if canImport(System)
import System
#else
import SystemPackage
#endif

/// A file that bears its name when all of it is there. `-` is standard output; devices and pipes are written as they are.
final class ExportFile: Sendable {
    let path: String
    /// Where the bytes are until then.
    let draft: String
    private let descriptor: FileDescriptor
    private let isDraft: Bool

    /// - Parameter overwrites: whether what is there may go.
    init(_ path: String, overwrites: Bool) throws {
        var status = stat()
        let isThere = path != "-" && stat(path, &status) == 0
        let isPlain = !isThere || status.st_mode & S_IFMT == S_IFREG
        if isThere, isPlain, status.st_size > 0, !overwrites { throw OutputFileError.exists(path) }
        self.path = path
        isDraft = path != "-" && isPlain
        draft = isDraft ? path + ".part" : path
        descriptor = path == "-" ? .standardOutput : try Self.opened(draft, of: path, isNew: isDraft)
    }

    private static func opened(_ draft: String, of path: String, isNew: Bool) throws(OutputFileError) -> FileDescriptor {
        do {
            return try .open(
                FilePath(draft), .writeOnly, options: isNew ? [.create, .truncate] : [], permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw .unwritable(path, error as? Errno ?? .ioError)
        }
    }

    /// What is left of an unfinished one goes.
    deinit {
        if path != "-" { try? descriptor.close() }
        if isDraft { unlink(draft) }
    }

    /// Adds bytes at the end.
    func write(_ bytes: RawSpan) throws(OutputError) {
        do {
            try bytes.withUnsafeBytes { _ = try descriptor.writeAll($0) }
        } catch {
            let errno = error as? Errno ?? .ioError
            throw errno == .brokenPipe ? .closed : .unwritten(path, reason: "\(errno)")
        }
    }

    /// All of it is there.
    func finish() throws(OutputError) {
        if isDraft, rename(draft, path) != 0 { throw .unwritten(path, reason: "\(Errno(rawValue: errno))") }
    }
}
