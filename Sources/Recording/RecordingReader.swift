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
        guard let raw = try Self.first(&source) else { throw Self.withoutFrame(source) }
        header = try Self.header(raw, path)
        position = UInt64(Frame.headerSize + raw.payload.count)
        self.source = source
    }

    public var path: String { source.path }

    /// The file's size when it was opened; nil: it has none, as a pipe.
    public var byteCount: UInt64? { source.byteCount }

    /// The next frame of a type that this version knows, or nil at the end.
    public mutating func next() throws(RecordingError) -> RecordedFrame? {
        while let raw = try source.next(atByte: position) {
            let start = position
            position += UInt64(Frame.headerSize + raw.payload.count)
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

    /// What is no recording may look like a frame that is too long, or like one of another type.
    private static func first(_ source: inout FrameSource) throws(RecordingError) -> RawFrame? {
        do throws(RecordingError) {
            guard let raw = try source.next(atByte: 0) else { return nil }
            guard raw.type == FileFrame.recording.rawValue else { throw .notOurs(source.path) }
            return raw
        } catch {
            if case .damaged = error { throw .notOurs(source.path) }
            throw error
        }
    }

    private static func withoutFrame(_ source: borrowing FrameSource) -> RecordingError {
        if source.bytesRead == 0 { return .empty(source.path) }
        return HeaderStart.begins(source.beginning) ? .begun(source.path) : .notOurs(source.path)
    }

    private static func header(_ raw: RawFrame, _ path: String) throws(RecordingError) -> RecordingHeader {
        do throws(WireError) {
            return try raw.read { reader throws(WireError) in try RecordingHeader(&reader) }
        } catch {
            switch error {
            case .otherVersion(let version): throw .otherVersion(path, version)
            case .badMagic: throw .notOurs(path)
            default: throw .damaged(path, atByte: 0, error.text)
            }
        }
    }
}
