import WireProtocol

extension LinkError {
    /// Whether an agent may be there again after a while, as when the cable was pulled. Waiting mends neither what is wrong with the
    /// programs nor with the token, of which each try counts.
    public var maySoonBeOver: Bool {
        switch self {
        case .agentEndedEarly, .cannotConnect, .nobodyThere, .silent, .cut, .ended: true
        case .refused(let error): error.code != .badToken && error.code != .wrongVersion && error.code != .protocolViolation
        case .noAgentBinary, .cannotRun, .violation, .wrongVersion, .unexpected, .restarted, .incomplete: false
        }
    }
}

extension DeviceError {
    /// Whether the device may be there again after a while.
    public var maySoonBeOver: Bool {
        switch self {
        case .noADB, .severalDevices, .noAgentFor, .noPlace, .portTaken: false
        case .adbFailed, .timedOut, .noDevices, .notAttached, .unusable, .noRoot, .rootRefused, .rootUnanswered, .agentFailed: true
        }
    }
}
