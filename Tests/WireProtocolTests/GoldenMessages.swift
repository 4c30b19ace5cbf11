import CFaultRecord
import FaultModel
import WireProtocol

/// A message of either direction.
enum EitherMessage: Equatable {
    case host(HostMessage)
    case agent(AgentMessage)

    init?(_ frame: RawFrame) throws(WireError) {
        if frame.type < 0x80 {
            guard let message = try HostMessage(frame) else { return nil }
            self = .host(message)
        } else {
            guard let message = try AgentMessage(frame) else { return nil }
            self = .agent(message)
        }
    }

    func encoded() -> [UInt8] {
        switch self {
        case .host(let message): message.encoded()
        case .agent(let message): message.encoded()
        }
    }
}

/// What the golden vectors say.
enum Golden {
    static func message(_ type: FrameType) -> EitherMessage {
        switch type {
        case .open: .host(.open(Open(token: "0123456789abcdef", wantsChecks: true)))
        case .start: .host(.start(start))
        case .stop: .host(.stop)
        case .alive: .host(.alive)
        case .look: .host(.look(Look(pid: 4120)))
        case .symbolise:
            .host(.symbolise(Symbolise(pid: 4120, file: "/system/lib64/libart.so", identity: libart, offsets: [0x85288, 0])))
        case .hello: .agent(.hello(Hello(agentVersion: "0.1.0", agentPid: 712, cpuCount: 8, report: report)))
        case .started: .agent(.started(started))
        case .batch: .agent(.batch(Array(encodedBatch(records).dropFirst(Frame.headerSize))))
        case .round: .agent(.round(Round(completeUntilNs: 1_000_500_000_000)))
        case .lost:
            .agent(.lost(Lost(cpu: 7, count: 997, firstNs: 1_000_100_000_000, lastNs: 1_000_200_000_000)))
        case .stats:
            .agent(
                .stats(Stats(cpuTimeNs: 123_456_789, residentBytes: 2_097_152, events: 1_000_003, bytesSent: 9_999_991)))
        case .commandEnded: .agent(.commandEnded(CommandEnded(status: 137, minorFaults: 1009, majorFaults: 13)))
        case .bye:
            .agent(.bye(Bye(reason: .commandEnded, events: 1_000_003, lost: 997, durationNs: 10_000_000_000, notFollowed: 5, heldBack: 7, stacksLost: 3)))
        case .error: .agent(.error(AgentError(.cannotTrace, "no source works here; run faultline preflight")))
        case .mappings: .agent(.mappings(Mappings(timeNs: 1_000_000_000_007, pid: 4120, list: mappings)))
        case .mapped: .agent(.mapped(Mapped(timeNs: 1_000_000_002_000, pid: 4120, mapping: memfd)))
        case .forked: .agent(.forked(Forked(timeNs: 1_000_000_003_000, pid: 4163, parent: 4120)))
        case .executed: .agent(.executed(Executed(timeNs: 1_000_000_004_000, pid: 4163, name: "ls")))
        case .exited: .agent(.exited(Exited(timeNs: 1_000_000_005_000, pid: 4163)))
        case .process: .agent(.process(process))
        case .stack:
            .agent(.stack(StackTrace(id: 1009, isTruncated: true, frames: [0x7f12_3456_0288, 0x55d0_c2a0_1123])))
        case .symbols: .agent(.symbols(symbols))
        case .tally: .agent(.tally(Tally(rows: [row])))
        case .tallied: .agent(.tallied(Tallied(timeNs: 1_001_000_000_000, overflow: 11)))
        case .cpuTimes:
            .agent(.cpuTimes(CPUTimes(timeNs: 1_001_000_000_000, list: [.init(pid: 4120, cpuTimeNs: 250_000_000)])))
        case .boot: .agent(.boot(Boot(id: "5f1ad2b3-0c7e-4a41-9d3f-1f6f0c2f7e11")))
        }
    }

    private static let libart = FileIdentity(device: 253 << 32 | 5, inode: 4711)

    private static let mappings = [
        MemoryMapping(
            start: 0x7f12_3456_0000, end: 0x7f12_3458_0000, offset: 0x26000, kind: .filePrivate,
            isWritable: false, name: "/system/lib64/libart.so", file: libart),
        MemoryMapping(start: 0x7f12_3458_0000, end: 0x7f12_3458_1000, kind: .anonymous),
        MemoryMapping(start: 0xffff_ffff_ffff_0000, end: .max, kind: .stack, name: "[stack]"),
    ]

    private static let process = ProcessFacts(
        timeNs: 1_000_000_006_000, pid: 4120, parent: 712, uid: 10123, bornNs: 999_000_000_000, name: "example.browser",
        commandLine: "com.example.browser:tab0", executable: "/system/bin/app_process64", package: "com.example.browser")

    private static let symbols = Symbols(
        pid: 4120, file: "/system/lib64/libart.so", identity: libart, buildID: "0badcafe",
        list: [.init(start: 0x85200, end: 0x85300, name: "_ZN3art3Foo"), .init(start: 0, end: 1, name: "")])

    private static let row = Tally.Row(
        pid: 4120, tid: 4163, uid: 10123, comm: "RenderThread", traits: FaultTraits(rawValue: 0b0101_1001), low: 0x7f12_3456_0000,
        high: 0x7f12_3456_1000, count: 997, latencyNs: 1_000_003, histogram: [0, 0, 997])

    private static let memfd = MemoryMapping(
        start: 0x7f00_0000_1000, end: 0x7f00_0000_3000, offset: 0x1000, kind: .sharedMemory, name: "/memfd:jit-ü (deleted)",
        file: FileIdentity(device: 1, inode: 4711))

    private static var start: Start {
        var filter = FaultFilter()
        filter.pids = [4120, 1]
        filter.excludedPids = [.max]
        filter.followsChildren = true
        filter.uids = [10123]
        filter.excludedUids = [0]
        filter.comms = ["Render*", "[!a-z]?"]
        filter.excludedComms = ["ü"]
        filter.modes = [.user, .kernel]
        filter.accesses = [.read, .write, .execute]
        filter.present = false
        filter.addresses = 0x7f00_0000_0000..<UInt64.max
        filter.sampleEvery = 997
        filter.tids = [4163]
        filter.packages = ["com.example"]
        filter.outcomes = [.minor, .failed]
        filter.minimumLatencyNs = 100_000
        filter.rateLimit = 1009
        return Start(
            source: .tracepoint, transport: .perfbuf, stacks: [.user, .kernel],
            tally: TallyWish(key: .place, intervalNs: 1_000_000_000), bufferSize: 8 << 20, filter: filter, command: ["ls", ""],
            eventLimit: 1_000_000, controllerPid: 4711)
    }

    private static var report: PreflightReport {
        PreflightReport(
            basis: .live,
            kernel: .init(release: "6.1.75-android14-11", arch: "aarch64", pageSize: 16384),
            selinux: .init(mode: .enforcing, domain: "u:r:su:s0"),
            sources: [
                SourceVerdict(.tracepoint, usable: false, reason: "attaching failed with ENOENT (2)"),
                SourceVerdict(
                    .perfBPF, usable: nil, reason: "", columns: [.time, .outcome],
                    missing: [MissingColumn(.access, reason: "EINVAL")]),
            ],
            checks: [
                Check(.kernelVersion, .pass, found: "6.1"),
                Check(.btf, .fail, found: "ENOENT", remedy: "do without"),
            ])
    }

    private static var started: Started {
        Started(
            source: .perfBPF, transport: .ringbuf, columns: [.time, .address, .errorCode],
            missing: [MissingColumn(.access, reason: "EINVAL")], bufferSize: 4 << 20, timeNs: 1_000_000_000_000, wallClockNs: 1_700_000_000_000_000_000, commandPid: 4242)
    }

    /// The events of the batch, as the kernel would record them.
    static let records: [fault_record] = {
        let time: UInt64 = 1_000_000_000_000
        let (ipA, ipB): (UInt64, UInt64) = (0x55d0_0000_1123, 0x7f12_3456_7890)
        var render = fault_record(
            time, address: 0x7f00_0000_1000, ip: ipA, code: (FAULT_ERROR_X86, 6), traits: 0x19, pid: 4120, tid: 4163,
            uid: 10123, cpu: 3, comm: "RenderThread")
        var kernel = fault_record(
            time + 2000, address: 0, ip: ipA, code: (FAULT_ERROR_ESR, 0x9600_0007), traits: 0x56, pid: 1, tid: .max,
            uid: 0, cpu: 0, comm: "")
        var records = [render]
        render.move(to: 0x7f00_0000_2000, after: 1500)
        render.latency_ns = 4100
        records.append(render)
        render.latency_ns = 0
        render.move(to: 0x7f00_0000_3000, after: 1400)
        records += [render, kernel]
        (render.ip, render.cpu) = (ipB, 65535)
        render.move(to: .max, after: 1 << 40 &- 900)
        records.append(render)
        (kernel.error_kind, kernel.error_code, kernel.traits) = (render.error_kind, 6, 0x19)
        kernel.time_ns = render.time_ns &- 1 << 41
        records.append(kernel)
        records.append(
            fault_record(
                kernel.time_ns &+ 1 << 42, address: 0, ip: 0, code: (FAULT_ERROR_NONE, 0), traits: 1, pid: 4120,
                tid: 4163, uid: 10123, cpu: 0, comm: "0123456789abcdef"))
        return records
    }()
}
