import CFaultRecord
public import FaultModel
public import WireProtocol

/// What an agent says in the course of a trace: the events of its batches are those that it is given.
public struct AgentScript {
    public let hello: Hello
    public let started: Started
    private var sequence: UInt64 = 0
    /// Events in all batches, and faults in all gaps.
    public private(set) var (events, lost): (UInt64, UInt64) = (0, 0)

    /// - Parameter startNs: CLOCK_BOOTTIME of the start.
    public init(_ source: FaultSource = .tracepoint, startNs: UInt64 = 1_000_000_000) {
        hello = fixtureHello
        var started = fixtureStarted(source)
        started.timeNs = startNs
        self.started = started
    }

    /// The next batch.
    public mutating func batch(_ faults: [PageFault]) -> AgentMessage {
        var encoder = BatchEncoder(stacks: faults.contains { $0.stacks != FaultStacks() } ? [.user, .kernel] : [])
        for fault in faults { encoder.append(fault_record(fault), timeNs: fault.timeNs, stacks: fault.stacks) }
        let payload = encoder.take { Array($0.dropFirst(Frame.headerSize)) }
        defer { sequence += 1 }
        events += UInt64(faults.count)
        return .batch(withUnsafeBytes(of: sequence.littleEndian) { Array($0) } + payload.dropFirst(8))
    }

    public mutating func gap(_ count: UInt64, atNs timeNs: UInt64) -> AgentMessage {
        lost += count
        return .lost(Lost(cpu: 0, count: count, firstNs: timeNs, lastNs: timeNs))
    }

    /// The last word, after a second.
    public var bye: AgentMessage { bye(afterNs: 1_000_000_000) }

    public func bye(afterNs durationNs: UInt64) -> AgentMessage {
        .bye(Bye(reason: .stopped, events: events, lost: lost, durationNs: durationNs))
    }
}

extension fault_record {
    fileprivate init(_ fault: PageFault) {
        self.init()
        (time_ns, latency_ns) = (fault.timeNs, fault.latencyNs ?? 0)
        (address, ip, cpu) = (fault.address, fault.ip, fault.cpu)
        (pid, tid, uid) = (fault.thread.pid, fault.thread.tid, fault.thread.uid)
        traits = fault.kind.traits.rawValue
        switch fault.kind.errorCode {
        case .x86(let code)?: (error_kind, error_code) = (UInt8(FAULT_ERROR_X86.rawValue), code)
        case .esr(let code)?: (error_kind, error_code) = (UInt8(FAULT_ERROR_ESR.rawValue), code)
        case nil: break
        }
        let name = fault.thread.comm.bytes
        withUnsafeMutableBytes(of: &comm) { $0.copyBytes(from: name) }
    }
}
