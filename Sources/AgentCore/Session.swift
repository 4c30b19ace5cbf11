public import WireProtocol

/// One controller's session, from the first byte to the last: what comes in, and what the agent does about it.
/// It does no I/O and reads no clock; both are its caller's.
public struct Session: ~Copyable {
    /// How long the peer has for its first frame, and for each sign of life after that.
    public static let openingLimitNs: UInt64 = 5_000_000_000
    public static let silenceLimitNs: UInt64 = 10_000_000_000

    private let token: String
    private var state: State
    private var lastHeardNs: UInt64

    private enum State {
        /// Connected, nothing proved yet.
        case opening
        /// The token was right; waiting for `start`.
        case idle
        case tracing
        /// The last frame has been handed out; only its sending is left.
        case ending
    }

    /// - Parameter nowNs: any monotonic clock, the same in each call.
    public init(token: String, nowNs: UInt64) {
        self.token = token
        state = .opening
        lastHeardNs = nowNs
    }

    public var isTracing: Bool { state == .tracing }

    /// A message from the controller.
    public mutating func received(_ message: HostMessage, nowNs: UInt64) -> SessionAction {
        lastHeardNs = nowNs
        switch (state, message) {
        case (.opening, .open(let open)): return opened(open)
        case (.idle, .start(let start)):
            state = .tracing
            return .startTrace(start)
        case (.tracing, .stop): return finish(.stopped)
        case (.tracing, .look(let look)): return .look(look.pid)
        case (.tracing, .symbolise), (.ending, .symbolise): return .symbolise
        case (.idle, .stop):
            state = .ending
            return .close
        case (.ending, .stop): return .finishSending
        case (.ending, _), (.idle, .alive), (.tracing, .alive): return .none
        default: return fail(AgentError(.protocolViolation, "a frame came out of turn; use the same version on both sides"))
        }
    }

    /// Bytes that are no message.
    public mutating func received(_ violation: WireError) -> SessionAction {
        let code: AgentError.Code = if case .otherVersion = violation { .wrongVersion } else { .protocolViolation }
        return fail(AgentError(code, violation.text + "; use the same version of faultline on both sides"))
    }

    /// The trace could not be started, or cannot go on.
    public mutating func failed(_ error: AgentError) -> SessionAction { fail(error) }

    /// The trace has come to its end by itself.
    public mutating func finish(_ reason: Bye.Reason) -> SessionAction {
        guard state == .tracing else { return close() }
        state = .ending
        return .endTrace(reason)
    }

    /// Time has passed.
    public mutating func tick(nowNs: UInt64) -> SessionAction {
        let silence = nowNs &- lastHeardNs
        switch state {
        case .opening where silence > Self.openingLimitNs:
            return fail(AgentError(.timedOut, "nobody said hello within five seconds; connect again"))
        case .idle where silence > Self.silenceLimitNs, .tracing where silence > Self.silenceLimitNs,
            .ending where silence > Self.silenceLimitNs:
            return .close
        default: return .none
        }
    }

    // MARK: Transitions

    private mutating func opened(_ open: Open) -> SessionAction {
        guard open.version == Frame.version else { return received(.otherVersion(open.version)) }
        guard isSecretEqual(open.token, token) else {
            return fail(AgentError(.badToken, "the token is wrong; give the one that the agent printed"))
        }
        state = .idle
        return .sayHello(withChecks: open.wantsChecks)
    }

    /// Nothing follows the last frame, an error neither.
    private mutating func fail(_ error: AgentError) -> SessionAction {
        if state == .ending { return .close }
        state = .ending
        return .refuse(error)
    }

    private mutating func close() -> SessionAction {
        state = .ending
        return .close
    }
}

/// What the session asks of its caller.
public enum SessionAction: Equatable, Sendable {
    case none
    /// Send `hello`, with or without the preflight's checks.
    case sayHello(withChecks: Bool)
    case startTrace(Start)
    /// Send this process's mappings.
    case look(UInt32)
    /// Answer the question for functions' names that the message is, also after the trace's last frame.
    case symbolise
    /// Detach, send what is left and `bye`.
    case endTrace(Bye.Reason)
    /// After `bye`: the controller has no more questions. Send what is left, then nothing more.
    case finishSending
    /// Detach, send the error, then close.
    case refuse(AgentError)
    /// Detach and close at once.
    case close
}

/// Takes as long for a wrong guess as for a right one of the same length, so that time tells nothing of the secret.
func isSecretEqual(_ guess: String, _ secret: String) -> Bool {
    let (left, right) = (Array(guess.utf8), Array(secret.utf8))
    var difference = left.count ^ right.count
    for place in left.indices {
        difference |= Int(left[place] ^ (right.isEmpty ? 0 : right[place % right.count]))
    }
    return difference == 0 && !right.isEmpty
}
