import WireProtocol

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// A file's bytes cut into frames, in a memory that does not grow with it.
struct FrameSource: ~Copyable {
    private static let pieceSize = 256 << 10

    let path: String
    /// When it was opened; nil: it has none, as a pipe.
    let byteCount: UInt64?
    private(set) var bytesRead: UInt64 = 0
    /// The first bytes of the file.
    private(set) var beginning: [UInt8] = []
    private let file: FileDescriptor
    private var decoder = FrameDecoder()
    private var piece = [UInt8](repeating: 0, count: pieceSize)

    init(_ path: String) throws(RecordingError) {
        let (file, byteCount) = try Self.open(path)
        (self.path, self.file, self.byteCount) = (path, file, byteCount)
    }

    deinit { try? file.close() }

    private static func open(_ path: String) throws(RecordingError) -> (FileDescriptor, UInt64?) {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            let size = try? file.seek(offset: 0, from: .end)
            if size != nil { try file.seek(offset: 0, from: .start) }
            return (file, size.flatMap { $0 > 0 ? UInt64($0) : nil })
        } catch {
            throw .unreadable(path, error as? Errno ?? .ioError)
        }
    }

    /// The next whole frame; nil at the end.
    ///
    /// - Parameter position: where it begins, to be told if it cannot be one.
    mutating func next(atByte position: UInt64) throws(RecordingError) -> RawFrame? {
        while true {
            do throws(WireError) {
                if let frame = try decoder.next() { return frame }
            } catch {
                throw RecordingError(error, in: path, atByte: position)
            }
            guard try readPiece() else { return nil }
        }
    }

    /// - Returns: false at the end.
    private mutating func readPiece() throws(RecordingError) -> Bool {
        do {
            let count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
            guard count > 0 else { return false }
            if bytesRead == 0 { beginning = Array(piece.prefix(min(count, HeaderStart.size))) }
            bytesRead += UInt64(count)
            piece.withUnsafeBytes { decoder.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            return true
        } catch {
            let errno = error as? Errno ?? .ioError
            throw errno == .isDirectory ? .directory(path) : .unreadable(path, errno)
        }
    }
}

/// The bytes by which a recording is known: a frame's header, of which the length may be any, and the magic string.
enum HeaderStart {
    private static let fixed: [UInt8] = Array(
        Frame.encoded(FileFrame.recording.rawValue) { $0.string(RecordingHeader.magic) }.dropFirst(4))

    static let size = 4 + fixed.count

    /// Whether these bytes, which may be fewer, are those.
    static func begins(_ bytes: [UInt8]) -> Bool { bytes.dropFirst(4).elementsEqual(fixed.prefix(max(bytes.count - 4, 0))) }
}

extension RecordingError {
    /// What the frame at a byte of a file holds cannot be.
    init(_ error: WireError, in path: String, atByte place: UInt64) {
        self = switch error {
        case .otherVersion(let version): .otherProtocol(path, version)
        case .payloadTooLong(let length): .damaged(path, atByte: place, "a frame would be \(length) bytes long")
        case .badMagic: .damaged(path, atByte: place, "the agent's hello is none")
        case .truncated, .trailingBytes, .badValue: .damaged(path, atByte: place, error.text)
        }
    }
}
