/// The trace's last frame: everything is detached and everything recorded has been sent.
public struct Bye: Equatable, Sendable {
    public enum Reason: UInt8, CaseIterable, Sendable {
        /// The controller said stop.
        case stopped = 1
        /// The event limit was reached.
        case limitReached = 2
        /// The command has ended; what it left running goes on.
        case commandEnded = 3
        /// The agent was told to end by a signal.
        case signalled = 4
    }

    public var reason: Reason
    public var events: UInt64
    public var lost: UInt64
    /// From the start to the detaching.
    public var durationNs: UInt64
    /// Children of followed processes that there was no room to follow: their faults are neither events nor lost.
    public var notFollowed: UInt64
    /// Faults that passed the filter and that the rate limit held back: neither events nor lost.
    public var heldBack: UInt64
    /// Stacks that events should bear and for which there was no room.
    public var stacksLost: UInt64

    public init(
        reason: Reason, events: UInt64, lost: UInt64, durationNs: UInt64, notFollowed: UInt64 = 0, heldBack: UInt64 = 0,
        stacksLost: UInt64 = 0
    ) {
        self.reason = reason
        self.events = events
        self.lost = lost
        self.durationNs = durationNs
        self.notFollowed = notFollowed
        self.heldBack = heldBack
        self.stacksLost = stacksLost
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        reason = try reader.known("reason for the end")
        events = try reader.u64()
        lost = try reader.u64()
        durationNs = try reader.u64()
        notFollowed = try reader.u64()
        heldBack = try reader.u64()
        stacksLost = try reader.u64()
    }

    func write(to writer: inout ByteWriter) {
        writer.u8(reason.rawValue)
        writer.u64(events)
        writer.u64(lost)
        writer.u64(durationNs)
        writer.u64(notFollowed)
        writer.u64(heldBack)
        writer.u64(stacksLost)
    }
}

/// The agent cannot go on; it closes the connection after this.
public struct AgentError: Error, Equatable, Sendable {
    public enum Code: UInt8, CaseIterable, Sendable {
        case badToken = 1
        case wrongVersion = 2
        case busy = 3
        /// The controller broke the protocol.
        case protocolViolation = 4
        case cannotTrace = 5
        case badFilter = 6
        case commandFailed = 7
        case timedOut = 8
    }

    public var code: Code
    /// What happened and what to do next, in one sentence.
    public var text: String

    public init(_ code: Code, _ text: String) {
        self.code = code
        self.text = text
    }

    init(_ reader: inout ByteReader) throws(WireError) {
        code = try reader.known("error code")
        text = try reader.string()
    }

    func write(to writer: inout ByteWriter) {
        writer.u8(code.rawValue)
        writer.string(text)
    }
}
