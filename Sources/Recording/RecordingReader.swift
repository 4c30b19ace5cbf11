import WireProtocol

/// Reads a recording frame by frame, in a memory that does not grow with it.
public struct RecordingReader: ~Copyable {
    public let header: RecordingHeader
    /// Bytes of the frames that have been handed out or passed over.
    public private(set) var position: UInt64
    /// Bytes behind the last whole frame, known when `next` has returned nil: whoever wrote them was stopped in the middle.
    public private(set) var cutBytes: UInt64 = 0
    private var source: FrameSource

    /// Opens a file and reads its header.
    public init(_ path: String) throws(RecordingError) {
        var source = try FrameSource(path)
        try Self.check(try source.first(HeaderStart.size), of: path)
        guard let raw = try source.next(atByte: 0) else { throw RecordingError.begun(path) }
        header = try Self.header(raw, path)
        position = raw.sizeInFile
        self.source = source
    }

    public var path: String { source.path }

    /// The file's size when it was opened; nil: it has none, as a pipe.
    public var byteCount: UInt64? { source.byteCount }

    /// The next frame of a type that this version knows, or nil at the end.
    public mutating func next() throws(RecordingError) -> RecordedFrame? {
        while let raw = try source.next(atByte: position) {
            let start = position
            position += raw.sizeInFile
            do throws(WireError) {
                if let frame = try RecordedFrame(raw) { return frame }
            } catch {
                throw RecordingError(error, in: path, atByte: start)
            }
        }
        cutBytes = source.bytesRead - position
        return nil
    }

    // MARK: The beginning

    /// What is no recording, or one of another version, is called so before a frame of it is looked at.
    private static func check(_ beginning: [UInt8], of path: String) throws(RecordingError) {
        if beginning.isEmpty { throw .empty(path) }
        guard HeaderStart.begins(beginning) else { throw .notOurs(path) }
        if let version = HeaderStart.version(beginning), version != RecordingFormat.version { throw .otherVersion(path, version) }
    }

    private static func header(_ raw: RawFrame, _ path: String) throws(RecordingError) -> RecordingHeader {
        do throws(WireError) {
            return try raw.read { reader throws(WireError) in try RecordingHeader(&reader) }
        } catch {
            throw RecordingError(error, in: path, atByte: 0)
        }
    }
}

extension RawFrame {
    fileprivate var sizeInFile: UInt64 { UInt64(Frame.headerSize + payload.count + FrameSeal.size) }
}
