import NIOCore
public import WireProtocol

/// What an agent says, in order. Frames of types that this version does not know are passed over.
public struct AgentMessages {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var decoder = FrameDecoder()

    init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) { self.inbound = inbound.makeAsyncIterator() }

    /// The next message, or nil when the agent has closed the connection between two frames.
    ///
    /// - Throws: `LinkError`.
    public mutating func next() async throws(LinkError) -> AgentMessage? {
        while let (_, message) = try await nextFrame() {
            if let message { return message }
        }
        return nil
    }

    /// The next frame as it came, with the message in it; nil for a type that this version does not know.
    ///
    /// - Returns: nil when the agent has closed the connection between two frames.
    /// - Throws: `LinkError`.
    public mutating func nextFrame() async throws(LinkError) -> (frame: RawFrame, message: AgentMessage?)? {
        while true {
            if let frame = try buffered() { return frame }
            guard let buffer = try await read() else {
                if !decoder.isBetweenFrames { throw .cut }
                return nil
            }
            buffer.withUnsafeReadableBytes { decoder.append($0) }
        }
    }

    /// The agent's first message.
    mutating func hello() async throws(LinkError) -> Hello {
        switch try await first() {
        case .hello(let hello)?: return hello
        case .error(let error)?: throw .refused(error)
        case nil: throw .nobodyThere
        default: throw .unexpected("a message before its hello")
        }
    }

    /// The first message, or nil when the connection ended before it was whole.
    private mutating func first() async throws(LinkError) -> AgentMessage? {
        do throws(LinkError) {
            return try await next()
        } catch {
            guard error == .cut else { throw error }
            return nil
        }
    }

    private mutating func buffered() throws(LinkError) -> (frame: RawFrame, message: AgentMessage?)? {
        do throws(WireError) {
            return try decoder.next().map { frame throws(WireError) in (frame, try AgentMessage(frame)) }
        } catch {
            if case .otherVersion(let version) = error { throw .wrongVersion(version) }
            throw .violation(error)
        }
    }

    private mutating func read() async throws(LinkError) -> ByteBuffer? {
        do {
            return try await inbound.next()
        } catch let error as LinkError {
            throw error
        } catch {
            throw .cut
        }
    }
}
