import WireProtocol

#if canImport(System)
public import System
#else
public import SystemPackage
#endif

/// Why a recording cannot be read, or not be written any more.
public enum RecordingError: Error, Equatable, Sendable {
    // Reading
    case unreadable(String, Errno)
    case directory(String)
    case empty(String)
    /// It does not begin as a recording does.
    case notOurs(String)
    /// It ends before anything is recorded.
    case begun(String)
    case otherVersion(String, UInt32)
    /// The agent that was recorded spoke another version of the protocol.
    case otherProtocol(String, UInt32)
    /// What the frame at this byte holds cannot be.
    case damaged(String, atByte: UInt64, String)

    // Writing
    case exists(String)
    case uncreatable(String, Errno)
    case unwritable(String, Errno)
    /// Less is free than was to be left.
    case shortOfSpace(String, free: UInt64)
}

extension RecordingError {
    /// Whether the command named a file that it could not have meant, so that nothing came about.
    public var isWrongUse: Bool {
        switch self {
        case .unreadable, .directory, .empty, .notOurs, .begun, .otherVersion, .otherProtocol, .exists, .uncreatable: true
        case .damaged, .unwritable, .shortOfSpace: false
        }
    }
}

extension RecordingError: CustomStringConvertible {
    /// One sentence: what happened and what to do next.
    public var description: String {
        switch self {
        case .unreadable(let path, let errno): "cannot read \(path): \(errno); name a recording that 'trace --output' made"
        case .directory(let path): "\(path) is a directory; name a recording that 'trace --output' made"
        case .empty(let path): "\(path) is empty; name a recording that 'trace --output' made"
        case .notOurs(let path): "\(path) is no recording of faultline's; name one that 'trace --output' made"
        case .begun(let path): "\(path) ends before its trace begins, so that nothing is in it; record again"
        case .otherVersion(let path, let version):
            "\(path) has format \(version), where this program reads \(RecordingFormat.version); read it with the version that made it"
        case .otherProtocol(let path, let version):
            "\(path) holds protocol \(version), where this program reads \(Frame.version); read it with the version that made it"
        case .damaged(let path, let place, let what):
            "\(path) is damaged at byte \(place): \(what); only what comes before it can be read, take another copy if there is one"
        case .exists(let path): "\(path) exists and is not empty; name another file, or overwrite it with --force"
        case .uncreatable(let path, let errno): "cannot create \(path): \(errno); name a file in a folder that you can write to"
        case .unwritable(let path, let errno):
            "cannot write \(path): \(errno); what was written before can be read, make room or record elsewhere"
        case .shortOfSpace(let path, let free):
            "only \(free >> 20) MiB are free beside \(path), so that the recording was ended; make room or lower --min-free"
        }
    }
}
