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

/// A file made of a recording, which bears its name when all of it is there; a signal that ends the program before leaves nothing
/// behind. `-` is standard output; devices and pipes are written as they are.
final class OutputFile: Sendable {
    let place: OutputPlace
    private let descriptor: FileDescriptor

    /// Makes the file and has it filled.
    ///
    /// - Parameters:
    ///   - overwrites: whether what is there may go.
    ///   - recording: what it is made of, which may not go.
    /// - Returns: what `fill` returns.
    /// - Throws: ``OutputFileError``, ``OutputError``, what `fill` throws.
    static func make<T>(_ path: String, overwrites: Bool, of recording: String, _ fill: (OutputFile) throws -> T) throws -> T {
        let place = try OutputPlace(path, overwrites: overwrites, of: recording)
        // Before there is anything to leave behind.
        return try withExtendedLifetime(SignalCleanup { place.discard() }) {
            let file = try OutputFile(place)
            defer { place.discard() }
            let filled = try fill(file)
            try place.finish()
            return filled
        }
    }

    private init(_ place: OutputPlace) throws(OutputFileError) {
        self.place = place
        descriptor = try place.open()
    }

    deinit { if place.path != "-" { try? descriptor.close() } }

    /// Adds bytes at the end.
    func write(_ bytes: RawSpan) throws(OutputError) {
        do {
            try bytes.withUnsafeBytes { _ = try descriptor.writeAll($0) }
        } catch {
            let errno = error as? Errno ?? .ioError
            throw errno == .brokenPipe ? .closed : .unwritten(place.path, reason: "\(errno)")
        }
    }
}

/// Where a file is to be, and where its bytes are until all of it is there.
struct OutputPlace: Sendable {
    let path: String
    let draft: String
    private let isDraft: Bool
    private let overwrites: Bool

    init(_ path: String, overwrites: Bool, of recording: String) throws(OutputFileError) {
        let there = path == "-" ? nil : FileStatus(path)
        if let there, there == FileStatus(recording) { throw .recording(path) }
        isDraft = path != "-" && there?.isPlain != false
        if isDraft, !overwrites, there?.isEmpty == false { throw .exists(path) }
        (self.path, self.overwrites) = (path, overwrites)
        draft = isDraft ? "\(path).\(getpid()).part" : path
    }

    fileprivate func open() throws(OutputFileError) -> FileDescriptor {
        if path == "-" { return .standardOutput }
        do {
            return try .open(
                FilePath(draft), .writeOnly, options: isDraft ? [.create, .exclusiveCreate] : [],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw .unwritable(path, error as? Errno ?? .ioError)
        }
    }

    /// What is left of an unfinished one goes.
    fileprivate func discard() { if isDraft { unlink(draft) } }

    /// - Throws: `OutputFileError.exists` where another program has made it meanwhile, ``OutputError``.
    fileprivate func finish() throws {
        guard isDraft else { return }
        if !overwrites, FileStatus(path)?.isEmpty == false { throw OutputFileError.exists(path) }
        if rename(draft, path) != 0 { throw OutputError.unwritten(path, reason: "\(Errno(rawValue: errno))") }
    }
}

/// What `stat` says of a path.
private struct FileStatus: Equatable {
    private let device: UInt64
    private let inode: UInt64
    let isPlain: Bool
    let isEmpty: Bool

    /// nil: there is nothing.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
        isPlain = status.st_mode & S_IFMT == S_IFREG
        isEmpty = status.st_size == 0
    }
}

/// A file that cannot be made.
enum OutputFileError: Error, Equatable, CustomStringConvertible {
    case exists(String)
    case recording(String)
    case unwritable(String, Errno)

    var description: String {
        switch self {
        case .exists(let path): "\(path) exists and is not empty; name another file, or overwrite it with --force"
        case .recording(let path): "\(path) is the recording itself, which would be lost; name another file"
        case .unwritable(let path, let errno): "cannot write \(path): \(errno); name a file in a folder that you can write to"
        }
    }
}
