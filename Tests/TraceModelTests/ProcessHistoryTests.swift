import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct ProcessHistoryTests {
    private var finder = CauseFinder(KernelVersion(6, 12))
    private var names = TraceNames()

    /// What the fault's process is called at each time; `-` where nobody has told.
    private mutating func names(of pid: UInt32 = 100, at times: UInt64...) -> [String] {
        processes(of: pid, at: times).map { $0?.name ?? "-" }
    }

    private mutating func processes(of pid: UInt32 = 100, at times: [UInt64]) -> [TracedProcess?] {
        var faults = times.map { fault($0, pid: pid) }
        finder.explain(&faults, &names)
        return faults.map { names.process($0) }
    }

    private mutating func note(_ messages: AgentMessage...) { for message in messages { finder.note(message) } }

    private func facts(
        _ timeNs: UInt64, _ name: String, pid: UInt32 = 100, bornNs: UInt64 = 0, commandLine: String = "", executable: String = "",
        package: String = ""
    ) -> AgentMessage {
        .process(
            ProcessFacts(
                timeNs: timeNs, pid: pid, parent: 7, uid: 10_123, bornNs: bornNs, name: name, commandLine: commandLine,
                executable: executable, package: package))
    }

    private func file(_ timeNs: UInt64, _ name: String, pid: UInt32 = 100) -> AgentMessage {
        .mapped(Mapped(timeNs: timeNs, pid: pid, mapping: MemoryMapping(start: 0x1000, end: 0x2000, kind: .filePrivate, name: name)))
    }

    // MARK: In time

    @Test mutating func `an exec and a new name count from their moment on`() {
        note(facts(10, "sh", bornNs: 5), .executed(Executed(timeNs: 20, pid: 100, name: "ls")), facts(30, "ls-renamed"))
        #expect(names(at: 5, 19, 20, 29, 30) == ["sh", "sh", "ls", "ls", "ls-renamed"])
        #expect(names(of: 101, at: 30) == ["-"])
    }

    @Test mutating func `what is read of a process after its next exec or new name is not what it was before`() {
        note(.forked(Forked(timeNs: 10, pid: 100, parent: 7)), .executed(Executed(timeNs: 20, pid: 100, name: "sh")))
        note(facts(20, "ls", bornNs: 10, commandLine: "ls -l", executable: "/bin/ls"))
        note(.executed(Executed(timeNs: 30, pid: 100, name: "ls")), facts(30, "ls-renamed", bornNs: 10))
        note(facts(40, "ls-renamed"), facts(40, "ls-renamed", bornNs: 10, commandLine: "ls -l", executable: "/bin/ls"))
        #expect(names(at: 20, 29, 30, 39, 40) == ["sh", "sh", "ls", "ls", "ls-renamed"])
        #expect(processes(at: [25, 45]).map { $0?.commandLine } == ["", "ls -l"])
        #expect(processes(at: [25])[0]?.uid == 10_123)
    }

    @Test mutating func `what is read of a process at a later time counts from there on`() {
        note(.executed(Executed(timeNs: 20, pid: 100, name: "sh")), facts(30, "ls", bornNs: 10))
        #expect(names(at: 20, 29, 30) == ["sh", "sh", "ls"])
    }

    @Test mutating func `what was before an exec or a new name is not known unless it was told`() {
        note(.executed(Executed(timeNs: 20, pid: 100, name: "ls")), .process(ProcessFacts(timeNs: 20, pid: 200, name: "new")))
        #expect(names(at: 19, 20) == ["-", "ls"])
        #expect(names(of: 200, at: 19, 20) == ["-", "new"])
    }

    @Test mutating func `a child is what its parent is until it runs another program`() {
        note(
            facts(10, "zygote64", commandLine: "zygote64", executable: "/system/bin/app_process64"),
            .forked(Forked(timeNs: 20, pid: 200, parent: 100)),
            facts(30, "om.example.app", pid: 200, commandLine: "com.example.app", package: "com.example.app"))
        #expect(names(of: 200, at: 25, 35) == ["zygote64", "com.example.app"])
        let child = processes(of: 200, at: [35])[0]
        #expect(child?.parent == 7 && child?.bornNs == 20 && child?.executable == "/system/bin/app_process64")
        #expect(child?.package == "com.example.app" && child?.uid == 10_123)
    }

    @Test mutating func `a number that another process takes is not confused`() {
        note(facts(10, "old"), .exited(Exited(timeNs: 20, pid: 100)), .forked(Forked(timeNs: 30, pid: 100, parent: 9)), facts(31, "new"))
        #expect(names(at: 15, 31) == ["old", "new"])
        let (old, new) = (processes(at: [15])[0], processes(at: [31])[0])
        #expect(old?.endedNs == 20 && new?.endedNs == nil && new?.bornNs == 30)
    }

    @Test mutating func `who is gone before anybody could look has its birth, its program and its end`() {
        note(
            facts(10, "sh"), .forked(Forked(timeNs: 20, pid: 200, parent: 100)),
            .executed(Executed(timeNs: 21, pid: 200, name: "short-lived-pro")), file(22, "/usr/bin/short-lived-program", pid: 200),
            file(23, "/lib/libc.so.6", pid: 200), .exited(Exited(timeNs: 1_000_020, pid: 200)))
        let process = processes(of: 200, at: [25])[0]
        #expect(process?.name == "short-lived-program")
        #expect(process?.executable == "/usr/bin/short-lived-program")
        #expect(process?.parent == 100 && process?.lifetimeNs == 1_000_000)
    }

    @Test mutating func `a birth that is told after the end changes nothing`() {
        note(.forked(Forked(timeNs: 20, pid: 100, parent: 9)), .exited(Exited(timeNs: 50, pid: 100)))
        note(.process(ProcessFacts(timeNs: 20, pid: 100, parent: 9, bornNs: 20)))
        #expect(processes(at: [30])[0]?.endedNs == 50)
    }

    @Test mutating func `the exact birth counts, whichever was told first`() {
        note(facts(10, "sh", bornNs: 990_000_000))
        note(.process(ProcessFacts(timeNs: 11, pid: 100, parent: 9, bornNs: 995_000_001)), facts(12, "sh", bornNs: 990_000_000))
        #expect(processes(at: [20])[0]?.bornNs == 995_000_001)
    }

    // MARK: Names

    @Test(arguments: [
        ("cat", "/bin/cat -n", "/usr/bin/cat", "", "cat"),
        ("systemd-journal", "/lib/systemd/systemd-journald", "", "", "systemd-journald"),
        ("systemd-journal", "", "/lib/systemd/systemd-journald", "", "systemd-journald"),
        ("a-script-with-a", "/bin/sh ./a-script", "/bin/dash", "", "a-script-with-a"),
        ("example.browser", "com.example.browser:tab0", "/system/bin/app_process64", "com.example.browser", "com.example.browser:tab0"),
        ("CrRendererMain", "com.android.chrome:sandboxed_process0", "", "com.android.chrome", "com.android.chrome:sandboxed_process0"),
        ("xample.browser", "<pre-initialized>", "", "com.example.browser", "xample.browser"), ("", "", "", "", ""),
    ])
    func `a cut name is completed`(comm: String, commandLine: String, executable: String, package: String, expected: String) {
        var test = ProcessHistoryTests()
        test.note(facts(10, comm, commandLine: commandLine, executable: executable, package: package))
        #expect(test.names(at: 10) == [expected])
    }

    // MARK: Bounds

    @Test mutating func `numbers are used again when there are too many`() {
        var second: UInt64 = 1_000_000_000
        for round in 0..<10 {
            for process in 0..<10_000 {
                let pid = UInt32(1000 + process)
                note(.forked(Forked(timeNs: second, pid: pid, parent: 1)), facts(second + 1, "p\(round)-\(process)", pid: pid))
                note(.exited(Exited(timeNs: second + 2, pid: pid)))
            }
            second += 10_000_000_000
            note(.round(Round(completeUntilNs: second - 1)))
            finder.settle(&names)
        }
        #expect(names.processes.count == 1 << 16)
        #expect(names(of: 1000, at: second - 10_000_000_000 + 1) == ["p9-0"])
    }
}
