import WireProtocol

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
#if canImport(System)
import System
#else
import SystemPackage
#endif

/// One file of a recording, written through a buffer. When the disk is full it ends with the last whole frame that had room.
struct RecordingFile: ~Copyable {
    private static let bufferSize = 256 << 10

    let path: String
    private let file: FileDescriptor
    private var buffer: [UInt8] = []
    private var written: UInt64 = 0

    /// - Parameter overwrites: whether what is there may go.
    /// - Throws: `RecordingError.exists`, `.uncreatable`.
    init(_ path: String, overwrites: Bool) throws(RecordingError) {
        let file = try Self.open(path, overwrites: overwrites)
        (self.path, self.file) = (path, file)
        buffer.reserveCapacity(Self.bufferSize + Frame.headerSize + Frame.maximumPayload + FrameSeal.size)
    }

    deinit { try? file.close() }

    private static func open(_ path: String, overwrites: Bool) throws(RecordingError) -> FileDescriptor {
        do {
            let file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: overwrites ? [.create, .truncate] : [.create],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            guard let size = try? file.seek(offset: 0, from: .end), size > 0 else { return file }
            try? file.close()
        } catch {
            throw .uncreatable(path, error as? Errno ?? .ioError)
        }
        throw .exists(path)
    }

    /// Bytes that have been added.
    var byteCount: UInt64 { written + UInt64(buffer.count) }

    mutating func add(_ frame: RawFrame) throws(RecordingError) {
        let (start, length) = (buffer.count, UInt32(frame.payload.count))
        withUnsafeBytes(of: (length.littleEndian, frame.type.littleEndian, UInt16(0))) { buffer.append(contentsOf: $0) }
        buffer.append(contentsOf: frame.payload)
        try seal(from: start)
    }

    /// - Parameter bytes: a whole frame.
    mutating func add(_ bytes: [UInt8]) throws(RecordingError) {
        buffer.append(contentsOf: bytes)
        try seal(from: buffer.count - bytes.count)
    }

    private mutating func seal(from start: Int) throws(RecordingError) {
        FrameSeal.close(&buffer, from: start)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Hands everything to the kernel, so that it is kept if this program is killed.
    mutating func flush() throws(RecordingError) {
        if buffer.isEmpty { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        do {
            try buffer.withUnsafeBytes { _ = try file.writeAll($0) }
            written += UInt64(buffer.count)
        } catch {
            cutPartialFrame()
            throw .unwritable(path, error as? Errno ?? .ioError)
        }
    }

    /// The same, and to the disk; what is no file has none behind it.
    mutating func finish() throws(RecordingError) {
        try flush()
        guard fsync(file.rawValue) != 0, errno != EINVAL, errno != ENOTSUP else { return }
        throw .unwritable(path, Errno(rawValue: errno))
    }

    /// Some of the buffer has been written, and the last frame of that is whole only by chance.
    private mutating func cutPartialFrame() {
        guard let end = try? file.seek(offset: 0, from: .current), UInt64(end) >= written else { return }
        written += UInt64(WholeFrames.end(in: buffer, within: Int(UInt64(end) - written)))
        try? file.resize(to: Int64(written))
    }
}

enum WholeFrames {
    /// Where the last frame ends that lies within the first so many bytes.
    static func end(in bytes: [UInt8], within limit: Int) -> Int {
        var end = 0
        while end + Frame.headerSize <= limit {
            let payload = (0..<4).reduce(0) { $0 | Int(bytes[end + $1]) << ($1 * 8) }
            let size = Frame.headerSize + payload + FrameSeal.size
            if end + size > limit { break }
            end += size
        }
        return end
    }
}
