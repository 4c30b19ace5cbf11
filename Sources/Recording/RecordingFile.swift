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
    private let isNew: Bool
    private var buffer: [UInt8] = []
    private var written: UInt64 = 0

    /// What is there stays as it is until something is written.
    ///
    /// - Parameter overwrites: whether what is there may go.
    /// - Throws: `RecordingError.exists`, `.uncreatable`.
    init(_ path: String, overwrites: Bool) throws(RecordingError) {
        let (file, isNew) = try Self.open(path, overwrites: overwrites)
        (self.path, self.file, self.isNew) = (path, file, isNew)
        buffer.reserveCapacity(Self.bufferSize + Frame.headerSize + Frame.maximumPayload + FrameSeal.size)
    }

    deinit { try? file.close() }

    private static func open(_ path: String, overwrites: Bool) throws(RecordingError) -> (FileDescriptor, isNew: Bool) {
        if let file = try? openForWriting(path, [.create, .exclusiveCreate]) { return (file, true) }
        do {
            let file = try openForWriting(path, [.create])
            if overwrites { return (file, false) }
            guard let size = try? file.seek(offset: 0, from: .end), size > 0 else { return (file, false) }
            try? file.close()
        } catch {
            throw .uncreatable(path, error as? Errno ?? .ioError)
        }
        throw .exists(path)
    }

    private static func openForWriting(_ path: String, _ options: FileDescriptor.OpenOptions) throws -> FileDescriptor {
        try .open(FilePath(path), .writeOnly, options: options, permissions: [.ownerReadWrite, .groupRead, .otherRead])
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
        // What is no file has no end to be moved.
        if written == 0 { try? file.resize(to: 0) }
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

    /// Nothing of it was wanted: the path is as it was before.
    func abandon() { if isNew { unlink(path) } }

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
