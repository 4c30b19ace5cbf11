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
    private var beginning: [UInt8] = []
    private let file: FileDescriptor
    private var decoder = FrameDecoder(isSealed: true)
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

    /// The file's first bytes, so many or all there are, before any frame is asked for.
    mutating func first(_ count: Int) throws(RecordingError) -> [UInt8] {
        while bytesRead < count, try readPiece() { beginning += piece.prefix(min(Int(bytesRead), count) - beginning.count) }
        return beginning
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
            bytesRead += UInt64(count)
            piece.withUnsafeBytes { decoder.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            return true
        } catch {
            let errno = error as? Errno ?? .ioError
            throw errno == .isDirectory ? .directory(path) : .unreadable(path, errno)
        }
    }
}

/// The bytes by which a recording and its version are known, whatever else that version has: a frame's header, of which only the type
/// counts, then the magic string and the version.
enum HeaderStart {
    private static let known = Frame.encoded(FileFrame.recording.rawValue) { $0.string(RecordingFormat.magic) }
    private static let type = 4..<6

    static let size = known.count + 4

    /// Whether these bytes, which may be fewer, are those.
    static func begins(_ bytes: [UInt8]) -> Bool {
        zip(bytes, known).enumerated().allSatisfy { place, pair in
            pair.0 == pair.1 || place < Frame.headerSize && !type.contains(place)
        }
    }

    /// nil: there are not enough of them.
    static func version(_ bytes: [UInt8]) -> UInt32? {
        guard bytes.count >= size else { return nil }
        return bytes[known.count..<size].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension RecordingError {
    /// What the frame at a byte of a file holds cannot be.
    init(_ error: WireError, in path: String, atByte place: UInt64) {
        self = switch error {
        case .otherVersion(let version): .otherProtocol(path, version)
        case .payloadTooLong(let length): .damaged(path, atByte: place, "a frame would be \(length) bytes long")
        case .badMagic: .damaged(path, atByte: place, "the agent's hello is none")
        case .badChecksum, .truncated, .trailingBytes, .badValue: .damaged(path, atByte: place, error.text)
        }
    }
}
