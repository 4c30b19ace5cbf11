public import WireProtocol

/// Why there is no (more) talking to an agent.
public enum LinkError: Error, Equatable, Sendable {
    case noAgentBinary(arch: String)
    case cannotRun(String, reason: String)
    /// The local agent ended before it said where it listens.
    case agentEndedEarly
    case cannotConnect(Endpoint, reason: String)
    /// Something accepted the connection and closed it without a word: a dead forward, or no agent behind it.
    case nobodyThere
    case silent
    case refused(AgentError)
    case violation(WireError)
    case wrongVersion(UInt32)
    case unexpected(String)
    /// The connection ended before the agent said goodbye.
    case cut
    /// Somebody ended the agent where it runs.
    case ended
    /// The device that came back is in another run, with other processes and another clock.
    case restarted
    /// The agent's numbers and ours do not agree, or it could not see everything.
    case incomplete
}

extension LinkError: CustomStringConvertible {
    /// One sentence: what happened and what to do next.
    public var description: String {
        switch self {
        case .noAgentBinary(let arch):
            "there is no faultline-agent for \(arch) beside this program; run 'make agents' or set FAULTLINE_AGENT to its path"
        case .cannotRun(let path, let reason):
            "cannot run \(path): \(reason); check that the file is there and executable"
        case .agentEndedEarly: "the agent ended before it could listen; its own message says why"
        case .cannotConnect(let endpoint, let reason):
            "cannot reach an agent at \(endpoint): \(reason); check that faultline-agent serves there"
        case .nobodyThere:
            "the connection was closed before the trace began; check that faultline-agent runs behind that port"
        case .silent: "the agent has said nothing for too long; check the cable or the network and trace again"
        case .refused(let error): "the agent refused: \(error.text)"
        case .violation(let violation): "\(violation.text); check that faultline-agent of this version serves there"
        case .wrongVersion(let version):
            "the agent speaks protocol \(version) and this program \(Frame.version); use the same version on both sides"
        case .unexpected(let what): "the agent sent \(what) out of turn; use the same version on both sides"
        case .incomplete: "the trace is incomplete, as its summary says; trace less at a time"
        case .ended: "the agent was ended on its device; start it again there, or trace again"
        case .restarted:
            "the device was restarted, and its processes and its clock are others now; what came before is kept, trace again for what comes"
        case .cut: "the connection to the agent was cut before the trace ended; what came before is shown"
        }
    }
}
