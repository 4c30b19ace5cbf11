public import WireProtocol

/// What no agent says to a controller that it understands.
public enum TraceViolation: Error, Equatable, Sendable {
    /// The agent cannot go on, as it says.
    case refused(AgentError)
    case malformed(WireError)
    /// A message, in a few words, that does not belong where it came.
    case unexpected(String)
    /// After an interruption the device is in another run: its processes and its clock are others.
    case restarted
}
