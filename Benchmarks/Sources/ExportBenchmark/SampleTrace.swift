import FaultModel
import TraceModel
import WireProtocol

/// Faults with everything that is known of them, always the same ones.
struct SampleTrace {
    private(set) var faults: [PageFault] = []
    private(set) var summary: TraceSummary
    private var state: UInt64 = 42

    init(_ events: Int) {
        let report = PreflightReport(
            basis: .live, kernel: .init(release: "6.12", arch: "aarch64", pageSize: 4096), selinux: .init(mode: .disabled, domain: nil),
            sources: [], checks: [])
        summary = TraceSummary(session: TraceSession(
            hello: Hello(agentVersion: "0", agentPid: 1, cpuCount: 8, report: report),
            started: Started(
                source: .tracepoint, transport: .ringbuf, columns: FaultSource.tracepoint.columns, bufferSize: 4 << 20, timeNs: 1_000_000_000,
                wallClockNs: 1_700_000_000_000_000_000, commandPid: 0)))
        var finder = Self.finder()
        faults.reserveCapacity(events)
        for number in 0..<events { faults.append(fault(number)) }
        finder.explain(&faults, &summary.names)
        name()
    }

    private static func finder() -> CauseFinder {
        var finder = CauseFinder(KernelVersion(6, 12))
        for pid in UInt32(1000)..<1050 {
            var list = [MemoryMapping(start: 0x5500_0000_0000, end: 0x5500_0100_0000, kind: .filePrivate, name: "/system/lib64/libc.so")]
            list += (0..<256).map { piece in
                let start = 0x7000_0000_0000 + UInt64(piece) << 20
                return MemoryMapping(
                    start: start, end: start + 1 << 20, kind: piece % 2 == 0 ? .anonymous : .filePrivate,
                    name: piece % 2 == 0 ? "[anon:dalvik-main space]" : "/data/app/base\(piece).apk")
            }
            finder.note(.process(ProcessFacts(
                timeNs: 1, pid: pid, parent: 1, uid: 10_000 + pid, bornNs: 1, name: "com.example.app\(pid)",
                commandLine: "com.example.app\(pid)", executable: "/system/bin/app_process64", package: "com.example.app\(pid)")))
            finder.note(.mappings(Mappings(timeNs: 1, pid: pid, list: list)))
        }
        return finder
    }

    private mutating func fault(_ number: Int) -> PageFault {
        let thread = next() % 200
        let pid = UInt32(1000 + thread / 4)
        let traits = FaultTraits(rawValue: UInt8(0x01 | (next() % 2 + 1) << 2 | 0x01 << 4 | 0x01 << 6))
        return PageFault(
            timeNs: 2_000_000_000 + UInt64(number) * 1500, address: 0x7000_0000_0000 + next() % (256 << 20),
            ip: 0x5500_0000_1000 + next() % 500 * 24, kind: FaultKind(traits: traits, errorCode: .x86(4 | next() % 2 << 1)),
            thread: FaultThread(pid: pid, tid: UInt32(10_000 + thread), uid: 10_000 + pid, comm: ThreadName(Array("RenderThread".utf8))),
            cpu: UInt16(thread % 8), latencyNs: 1000 + next() % 2000)
    }

    /// Gives the instructions functions of sixty bytes.
    private mutating func name() {
        summary.names.wantSymbols(of: faults)
        for question in summary.names.takeSymbolQuestions() {
            let list = question.offsets.map { offset in
                Symbols.Symbol(start: offset / 60 * 60, end: offset / 60 * 60 + 60, name: "android::function\(offset / 60)(int)")
            }
            summary.names.note(Symbols(pid: question.pid, file: question.file, list: list))
        }
    }

    /// Vigna's generator: the same numbers everywhere.
    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
