public import FaultModel
public import TraceModel
public import WireProtocol

/// A fault of main thread 100 unless the test says otherwise.
public func fault(
    _ timeNs: UInt64, pid: UInt32 = 100, tid: UInt32? = nil, comm: [UInt8] = Array("cat".utf8),
    traits: UInt8 = userWrite, code: ErrorCode? = .x86(6), address: UInt64 = 0x7f00_0000_1000,
    ip: UInt64 = 0x55d0_0000_1123, cpu: UInt16 = 0
) -> PageFault {
    PageFault(
        timeNs: timeNs, address: address, ip: ip,
        kind: FaultKind(traits: FaultTraits(rawValue: traits), errorCode: code),
        thread: FaultThread(pid: pid, tid: tid ?? pid, uid: 10_123, comm: ThreadName(comm)), cpu: cpu)
}

// Mode in bits 0-1, access in 2-3, present in 4-5, outcome in 6-7.
public let userWrite: UInt8 = 0x01 | 0x02 << 2 | 0x01 << 4
public let userReadPresent: UInt8 = 0x01 | 0x01 << 2 | 0x02 << 4
public let kernelRead: UInt8 = 0x02 | 0x01 << 2 | 0x01 << 4
public let userExecuteMinor: UInt8 = 0x01 | 0x03 << 2 | 0x01 << 4 | 0x01 << 6

/// A session that began at one second.
public func session(_ source: FaultSource = .tracepoint, commandPid: UInt32 = 0, sampleEvery: UInt32 = 1) -> TraceSession {
    TraceSession(hello: fixtureHello, started: fixtureStarted(source, commandPid: commandPid), sampleEvery: sampleEvery)
}

/// Of an agent on a small machine.
public let fixtureHello = Hello(
    agentVersion: "0.1", agentPid: 7, cpuCount: 8,
    report: PreflightReport(
        basis: .live, kernel: .init(release: "6.1", arch: "x86_64", pageSize: 4096),
        selinux: .init(mode: .disabled, domain: nil), sources: [], checks: []))

/// A trace that began at one second.
public func fixtureStarted(_ source: FaultSource = .tracepoint, commandPid: UInt32 = 0) -> Started {
    Started(
        source: source, transport: .ringbuf, columns: source.columns, bufferSize: 4 << 20, timeNs: 1_000_000_000,
        wallClockNs: 1_700_000_000_000_000_000, commandPid: commandPid)
}

/// A fault of an Android app's second process, which lived for a second and a half, and what its numbers stand for.
public func explainedFault() -> (PageFault, TraceNames) {
    func file(_ start: UInt64, _ name: String, _ offset: UInt64) -> AgentMessage {
        let mapping = MemoryMapping(start: start, end: start + 0x10_0000, offset: offset, kind: .filePrivate, name: name)
        return .mapped(Mapped(timeNs: 1, pid: 100, mapping: mapping))
    }
    var finder = CauseFinder(KernelVersion(6, 12))
    var names = TraceNames()
    let facts = ProcessFacts(
        timeNs: 1, pid: 100, parent: 712, uid: 10_123, bornNs: 500_000_000, name: "example.browser",
        commandLine: "com.example.browser:tab0", executable: "/system/bin/app_process64", package: "com.example.browser")
    finder.note(.process(facts))
    finder.note(file(0x7f00_0000_0000, "/data/app/base.apk", 0x84010))
    finder.note(file(0x55d0_0000_0000, "/lib/libc.so.6", 0))
    finder.note(.exited(Exited(timeNs: 2_000_000_000, pid: 100)))
    var faults = [fault(1_500_000_000, traits: userExecuteMinor)]
    finder.explain(&faults, &names)
    return (faults[0], names)
}
