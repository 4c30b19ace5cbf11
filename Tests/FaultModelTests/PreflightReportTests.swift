import FaultModel
import JSONText
import Testing

struct PreflightReportTests {
    private let report = PreflightReport(
        basis: .live, kernel: .init(release: "6.1.75-android14-11", arch: "aarch64", pageSize: 16384),
        selinux: .init(mode: .enforcing, domain: "u:r:su:s0"),
        sources: [
            SourceVerdict(.tracepoint, usable: false, reason: "attaching \"x\" failed with ENOENT (2)"),
            SourceVerdict(
                .perfBPF, usable: true, reason: "attached", columns: [.time, .outcome],
                missing: [MissingColumn(.access, reason: "no kprobes")]),
        ],
        checks: [
            Check(.kernelVersion, .pass, found: "6.1"),
            Check(.btf, .fail, found: "ENOENT", remedy: "do without"),
            Check(.exceptionsTracepoint, .unknown, found: "EACCES", remedy: "ask as root"),
        ])

    private var blocked: PreflightReport {
        PreflightReport(
            basis: .dump, kernel: .init(release: "", arch: "x86_64", pageSize: 4096),
            selinux: .init(mode: .unknown, domain: nil),
            sources: [SourceVerdict(.perfBPF, usable: nil, reason: "could not be told")], checks: [])
    }

    private func json(_ report: PreflightReport) -> String {
        var json = JSONText()
        report.write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `its JSON is the contract's`() {
        #expect(
            json(report) == """
                {"verdict":"ready","basis":"live","source":"perf_bpf",\
                "columns":["time_ns","outcome"],\
                "kernel":{"release":"6.1.75-android14-11","arch":"aarch64","page_size":16384},\
                "selinux":{"mode":"enforcing","domain":"u:r:su:s0"},\
                "sources":[\
                {"name":"tracepoint","usable":false,"reason":"attaching \\"x\\" failed with ENOENT (2)",\
                "columns":[],"missing":[]},\
                {"name":"perf_bpf","usable":true,"reason":"attached","columns":["time_ns","outcome"],\
                "missing":[{"column":"access","reason":"no kprobes"}]}],\
                "checks":[\
                {"id":"kernel_version","status":"pass","found":"6.1","remedy":null},\
                {"id":"btf","status":"fail","found":"ENOENT","remedy":"do without"},\
                {"id":"exceptions_tracepoints","status":"unknown","found":"EACCES","remedy":"ask as root"}]}
                """)
    }

    @Test func `its JSON says null where nothing is known`() {
        #expect(
            json(blocked) == """
                {"verdict":"blocked","basis":"dump","source":null,"columns":[],\
                "kernel":{"release":"","arch":"x86_64","page_size":4096},"selinux":{"mode":"unknown","domain":null},\
                "sources":[{"name":"perf_bpf","usable":null,"reason":"could not be told","columns":[],"missing":[]}],\
                "checks":[]}
                """)
    }

    @Test func `its text has the verdict, the sources and the checks under each other`() {
        #expect(
            report.text() == """
                ready: page faults through perf_bpf on Linux 6.1.75-android14-11, aarch64, 16384-byte pages

                sources
                  no   tracepoint  attaching "x" failed with ENOENT (2)
                  yes  perf_bpf    attached

                columns
                  yes  time_ns, outcome
                  no   access      no kprobes

                checks
                  pass     kernel_version          6.1
                  fail     btf                     ENOENT
                                                   -> do without
                  unknown  exceptions_tracepoints  EACCES
                                                   -> ask as root

                """)
    }

    @Test func `its text says when nothing works`() {
        let lines = blocked.text().split(separator: "\n")
        #expect(lines.first == "blocked: no page faults can be traced on Linux , x86_64, 4096-byte pages, judged by its dumps")
        #expect(lines.contains("  ?    perf_bpf    could not be told"))
    }

    @Test func `the first usable source is taken, and one that could not be told is none`() {
        var report = report
        report.sources = [
            SourceVerdict(.perfBPF, usable: nil, reason: ""),
            SourceVerdict(.tracepoint, usable: true, reason: "", columns: [.time, .address]),
        ]
        #expect(report.source == .tracepoint)
        #expect(report.columns == [.time, .address])
        report.sources.removeLast()
        #expect((report.source, report.columns) == (nil, []))
    }

    @Test func `a device is limited without BPF or without outcomes`() {
        var report = report
        report.sources = [SourceVerdict(.perfBPF, usable: true, reason: "", columns: [.time])]
        #expect(report.verdict == .limited)
        report.sources = [SourceVerdict(.perfRing, usable: true, reason: "", columns: Column.allCases)]
        #expect(report.verdict == .limited)
        report.sources = [SourceVerdict(.perfBPF, usable: true, reason: "", columns: [.outcome])]
        #expect(report.verdict == .ready)
    }

    @Test func `only a blocked device is a failure`() {
        #expect(report.verdict.exitStatus == 0)
        #expect(blocked.verdict == .blocked)
        #expect(PreflightReport.Verdict.allCases.map(\.exitStatus) == [0, 0, 1])
        #expect(PreflightReport.Verdict.allCases.map(\.name) == ["ready", "limited", "blocked"])
    }

    @Test func `the contract's checks are all there`() {
        let contract: Set = [
            "bpf_syscall", "bpf_jit", "perf_events", "tracepoints", "exceptions_tracepoints", "kprobes", "bpf_events", "btf",
            "fentry", "ringbuf", "tracefs", "selinux", "capabilities", "memlock", "kernel_version", "page_size", "lockdown",
            "kernel_config",
        ]
        #expect(contract.isSubset(of: CheckID.allCases.map(\.rawValue)))
    }
}
