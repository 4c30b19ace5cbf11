/// How large a recording may become, and how much room it leaves.
public struct RecordingLimits: Equatable, Sendable {
    /// Bytes after which another file is begun; nil: never.
    public var rotateSize: UInt64?
    /// The time after which another file is begun; nil: never.
    public var rotateEvery: Duration?
    /// The newest files that are kept; nil: all.
    public var keepFiles: Int?
    /// Bytes that are left free where the file is.
    public var minFree: UInt64

    public init(rotateSize: UInt64? = nil, rotateEvery: Duration? = nil, keepFiles: Int? = nil, minFree: UInt64 = 0) {
        self.rotateSize = rotateSize
        self.rotateEvery = rotateEvery
        self.keepFiles = keepFiles
        self.minFree = minFree
    }

    /// Whether there may be more than one file.
    public var rotates: Bool { rotateSize != nil || rotateEvery != nil }
}

/// What has been recorded.
public struct Recorded: Equatable, Sendable {
    /// The file, or the last of them.
    public var path: String
    /// How many there were.
    public var files: UInt32
    /// Those of them that have not been removed to make room for newer ones.
    public var kept: UInt32
    /// In all files.
    public var events: UInt64
    /// Of all files.
    public var byteCount: UInt64

    public init(path: String, files: UInt32, kept: UInt32, events: UInt64, byteCount: UInt64) {
        self.path = path
        self.files = files
        self.kept = kept
        self.events = events
        self.byteCount = byteCount
    }
}
