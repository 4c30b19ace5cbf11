/// What a frame carries. Host to agent below 0x80, agent to host above.
public enum FrameType: UInt16, CaseIterable, Sendable {
    case open = 0x01
    case start = 0x02
    case stop = 0x03
    case alive = 0x04
    case look = 0x05
    case symbolise = 0x06
    case hello = 0x81
    case started = 0x82
    case batch = 0x83
    case round = 0x84
    case lost = 0x85
    case stats = 0x86
    case commandEnded = 0x87
    case bye = 0x88
    case error = 0x89
    case mappings = 0x8a
    case mapped = 0x8b
    case forked = 0x8c
    case executed = 0x8d
    case exited = 0x8e
    case process = 0x8f
    case stack = 0x90
    case symbols = 0x91
    case tally = 0x92
    case tallied = 0x93
    case cpuTimes = 0x94
    case boot = 0x95
}

/// The frame's layout: `u32 length` of the payload, `u16 type`, `u16 flags` (zero), then the payload. All
/// numbers on the wire are little-endian.
public enum Frame {
    public static let headerSize = 8
    /// No payload is longer; a peer that announces more is cut off before a byte of it is stored.
    public static let maximumPayload = 1 << 20
    /// The two sides must have the same; both name theirs in the first frame that they send.
    public static let version: UInt32 = 2
    /// Opens the first payload in each direction: "FLTL".
    public static let magic: UInt32 = 0x4c54_4c46

    /// The frame's bytes around what `payload` writes.
    public static func encoded(_ type: UInt16, _ payload: (inout ByteWriter) -> Void) -> [UInt8] {
        var body = ByteWriter()
        payload(&body)
        var whole = ByteWriter()
        whole.u32(UInt32(body.bytes.count))
        whole.u16(type)
        whole.u16(0)
        return whole.bytes + body.bytes
    }
}

/// Why bytes from the peer are refused. Any of them ends the connection.
public enum WireError: Error, Equatable, Sendable {
    case payloadTooLong(UInt32)
    /// The payload ends before its last field does.
    case truncated
    /// The payload goes on after its last field.
    case trailingBytes
    case badMagic
    /// A file's frame is not what was written.
    case badChecksum
    /// The peer's version is another: nothing behind it in the frame can be read.
    case otherVersion(UInt32)
    case badValue(StaticStringBox)
}

/// A static string that can be compared: the name of the field that holds a wrong value.
public struct StaticStringBox: Equatable, Sendable, ExpressibleByStringLiteral {
    public let value: StaticString

    public init(stringLiteral value: StaticString) { self.value = value }

    public static func == (left: Self, right: Self) -> Bool { left.text == right.text }

    public var text: String { value.withUTF8Buffer { String(decoding: $0, as: UTF8.self) } }
}

extension WireError {
    /// One sentence about what the peer did.
    public var text: String {
        switch self {
        case .payloadTooLong(let length):
            "the peer announced a frame of \(length) bytes, where \(Frame.maximumPayload) is the most"
        case .truncated: "a frame ended in the middle of a field"
        case .trailingBytes: "a frame went on after its last field"
        case .badChecksum: "a frame's checksum does not fit"
        case .badMagic: "the peer does not speak faultline's protocol"
        case .otherVersion(let version): "the peer speaks protocol \(version), where this side speaks \(Frame.version)"
        case .badValue(let field): "a frame holds an impossible \(field.text)"
        }
    }
}
