public import TraceModel
public import WireProtocol

/// What a recording holds, frame by frame.
public enum RecordedFrame: Equatable, Sendable {
    /// What the agent said.
    case said(AgentMessage)
    /// What the controller asked.
    case asked(HostMessage)
    case interrupted(Interruption)
    case continued(Continued)

    /// - Returns: nil for a type that this version does not know.
    init?(_ frame: RawFrame) throws(WireError) {
        switch FileFrame(rawValue: frame.type) {
        case .recording?: throw .badValue("place for a beginning")
        case .continued?: self = .continued(try frame.read { reader throws(WireError) in try Continued(&reader) })
        case .interrupted?: self = .interrupted(try frame.read { reader throws(WireError) in try Interruption(&reader) })
        case nil:
            if frame.type < 0x80, let message = try HostMessage(frame) {
                self = .asked(message)
            } else if frame.type >= 0x80, let message = try AgentMessage(frame) {
                self = .said(message)
            } else {
                return nil
            }
        }
    }
}

extension RawFrame {
    /// The payload's fields, all of it.
    func read<Value>(_ body: (inout ByteReader) throws(WireError) -> Value) throws(WireError) -> Value {
        var reader = ByteReader(payload.span.bytes)
        let value = try body(&reader)
        try reader.finish()
        return value
    }
}

extension Interruption {
    init(_ reader: inout ByteReader) throws(WireError) {
        self.init(reason: try reader.string(), sinceNs: try reader.u64(), wallClockNs: try reader.u64())
    }

    /// The whole frame.
    public func encoded() -> [UInt8] {
        Frame.encoded(FileFrame.interrupted.rawValue) { writer in
            writer.string(reason)
            writer.u64(sinceNs)
            writer.u64(wallClockNs)
        }
    }
}
