/// What the controller says to the agent.
public enum HostMessage: Equatable, Sendable {
    case open(Open)
    case start(Start)
    case stop
    /// "Still here": sent every two seconds, so that a cut cable is noticed.
    case alive
    /// Asks for a process's mappings again.
    case look(Look)
    /// Asks what functions stand at these places of a file.
    case symbolise(Symbolise)
}

/// What the agent says to the controller, but for batches, whose bytes stay as they are until someone reads them.
public enum AgentMessage: Equatable, Sendable {
    case hello(Hello)
    case started(Started)
    case batch([UInt8])
    case round(Round)
    case lost(Lost)
    case stats(Stats)
    case commandEnded(CommandEnded)
    case bye(Bye)
    case error(AgentError)
    case mappings(Mappings)
    case mapped(Mapped)
    case forked(Forked)
    case executed(Executed)
    case exited(Exited)
    case process(ProcessFacts)
    case stack(StackTrace)
    case symbols(Symbols)
    case tally(Tally)
    case tallied(Tallied)
    case cpuTimes(CPUTimes)
    case boot(Boot)
}

extension HostMessage {
    /// The whole frame.
    public func encoded() -> [UInt8] {
        switch self {
        case .open(let message): frame(.open, message.write)
        case .start(let message): frame(.start, message.write)
        case .stop: frame(.stop) { _ in }
        case .alive: frame(.alive) { _ in }
        case .look(let message): frame(.look, message.write)
        case .symbolise(let message): frame(.symbolise, message.write)
        }
    }

    /// The message in a frame, or nil for a type that this version does not know.
    public init?(_ frame: RawFrame) throws(WireError) {
        guard let type = FrameType(rawValue: frame.type) else { return nil }
        var reader = ByteReader(frame.payload.span.bytes)
        switch type {
        case .open: self = .open(try Open(&reader))
        case .start: self = .start(try Start(&reader))
        case .stop: self = .stop
        case .alive: self = .alive
        case .look: self = .look(try Look(&reader))
        case .symbolise: self = .symbolise(try Symbolise(&reader))
        default: throw .badValue("frame type for this direction")
        }
        try reader.finish()
    }
}

extension AgentMessage {
    /// The whole frame.
    public func encoded() -> [UInt8] {
        switch self {
        case .hello(let message): frame(.hello, message.write)
        case .started(let message): frame(.started, message.write)
        case .batch(let payload): frame(.batch) { $0 = ByteWriter($0.bytes + payload) }
        case .round(let message): frame(.round, message.write)
        case .lost(let message): frame(.lost, message.write)
        case .stats(let message): frame(.stats, message.write)
        case .commandEnded(let message): frame(.commandEnded, message.write)
        case .bye(let message): frame(.bye, message.write)
        case .error(let message): frame(.error, message.write)
        case .mappings(let message): frame(.mappings, message.write)
        case .mapped(let message): frame(.mapped, message.write)
        case .forked(let message): frame(.forked, message.write)
        case .executed(let message): frame(.executed, message.write)
        case .exited(let message): frame(.exited, message.write)
        case .process(let message): frame(.process, message.write)
        case .stack(let message): frame(.stack, message.write)
        case .symbols(let message): frame(.symbols, message.write)
        case .tally(let message): frame(.tally, message.write)
        case .tallied(let message): frame(.tallied, message.write)
        case .cpuTimes(let message): frame(.cpuTimes, message.write)
        case .boot(let message): frame(.boot, message.write)
        }
    }

    /// The message in a frame, or nil for a type that this version does not know.
    public init?(_ frame: RawFrame) throws(WireError) {
        guard let type = FrameType(rawValue: frame.type) else { return nil }
        if type == .batch {
            self = .batch(frame.payload)
            return
        }
        var reader = ByteReader(frame.payload.span.bytes)
        switch type {
        case .hello: self = .hello(try Hello(&reader))
        case .started: self = .started(try Started(&reader))
        case .round: self = .round(try Round(&reader))
        case .lost: self = .lost(try Lost(&reader))
        case .stats: self = .stats(try Stats(&reader))
        case .commandEnded: self = .commandEnded(try CommandEnded(&reader))
        case .bye: self = .bye(try Bye(&reader))
        case .error: self = .error(try AgentError(&reader))
        case .mappings: self = .mappings(try Mappings(&reader))
        case .mapped: self = .mapped(try Mapped(&reader))
        case .forked: self = .forked(try Forked(&reader))
        case .executed: self = .executed(try Executed(&reader))
        case .exited: self = .exited(try Exited(&reader))
        case .process: self = .process(try ProcessFacts(&reader))
        case .stack: self = .stack(try StackTrace(&reader))
        case .symbols: self = .symbols(try Symbols(&reader))
        case .tally: self = .tally(try Tally(&reader))
        case .tallied: self = .tallied(try Tallied(&reader))
        case .cpuTimes: self = .cpuTimes(try CPUTimes(&reader))
        case .boot: self = .boot(try Boot(&reader))
        default: throw .badValue("frame type for this direction")
        }
        try reader.finish()
    }
}

/// The frame's bytes around what `payload` writes.
private func frame(_ type: FrameType, _ payload: (inout ByteWriter) -> Void) -> [UInt8] {
    Frame.encoded(type.rawValue, payload)
}
