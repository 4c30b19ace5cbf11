import FaultModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

@testable import TraceReport

struct ReportTests {
    private let faults = reportedFaults

    // MARK: Groups

    @Test(arguments: ReportGrouping.allCases)
    func `each fault is in one group, whatever they are grouped by`(grouping: ReportGrouping) throws {
        let report = try TraceFixtures.report(by: grouping, faults)
        #expect(report.groups.reduce(0) { $0 + $1.sum.events } == 4 && report.others.events == 0)
        #expect(report.summary.events == 4 && report.summary.cut == nil)
        #expect(report.groups.map(\.sum.events) == report.groups.map(\.sum.events).sorted(by: >))
    }

    @Test func `a group tells what its faults were`() throws {
        let report = try TraceFixtures.report(by: .process, faults)
        #expect(report.groups.map(\.pid) == [100, 200])
        let sum = report.groups[0].sum
        #expect(sum.events == 3 && sum.user == 2 && sum.kernel == 1 && sum.write == 1 && sum.read == 2 && sum.execute == 0)
        #expect(sum.minor == 1 && sum.major == 1 && sum.failed == 0 && sum.latencyNs == 3000)
        #expect(sum.latencies?.count == 2 && sum.latencies?.longestNs == 2000)
    }

    @Test(arguments: [(ReportOrder.faults, [100, 200]), (.time, [200, 100]), (.major, [100, 200])] as [(ReportOrder, [UInt32])])
    func `the order is the one that was asked for`(order: ReportOrder, pids: [UInt32]) throws {
        #expect(try TraceFixtures.report(by: .process, faults, order: order).groups.map(\.pid) == pids)
    }

    @Test func `processes of one name are one group when runs are compared`() throws {
        let report = try TraceFixtures.report(by: .process, faults, joinsProcesses: true)
        #expect(report.groups.map(\.name) == ["cat"] && report.groups[0].pid == nil && report.groups[0].sum.events == 4)
        #expect(report.groups[0].sum.latencies?.count == 3)
    }

    @Test func `a process that runs another program is one group, by its last name; by name it is two`() throws {
        let news = [
            AgentMessage.process(ProcessFacts(timeNs: 1, pid: 100, parent: 1, uid: 0, bornNs: 1, name: "sh", commandLine: "sh", executable: "/bin/sh", package: "")),
            .executed(Executed(timeNs: 2_500_000_000, pid: 100, name: "cat")),
        ]
        let faults = [2_000_000_000, 3_000_000_000, 4_000_000_000].map { fault($0) }
        let one = try TraceFixtures.report(by: .process, faults, news)
        #expect(one.groups.map(\.name) == ["cat"] && one.groups.map(\.sum.events) == [3] && one.groups[0].pid == 100)
        let two = try TraceFixtures.report(by: .process, faults, news, joinsProcesses: true)
        #expect(two.groups.map(\.name) == ["cat", "sh"] && two.groups.map(\.sum.events) == [2, 1])
        #expect(try TraceFixtures.report(by: .package, faults, news).groups.map(\.name) == ["cat", "sh"])
    }

    @Test func `a package's processes are one group`() throws {
        let news = [UInt32(100), 200].map { pid in
            AgentMessage.process(
                ProcessFacts(
                    timeNs: 1, pid: pid, parent: 1, uid: 10_001, bornNs: 1, name: "m.example.app", commandLine: "com.example.app:p\(pid)",
                    executable: "/system/bin/app_process64", package: "com.example.app"))
        }
        let report = try TraceFixtures.report(by: .package, faults, news)
        #expect(report.groups.map(\.name) == ["com.example.app"])
        #expect(try TraceFixtures.report(by: .process, faults, news).groups.map(\.name) == ["com.example.app:p100", "com.example.app:p200"])
    }

    @Test func `a function's instructions and equal stacks are one group, by names that come late`() throws {
        let code = MemoryMapping(start: 0x55d0_0000_0000, end: 0x55d0_0010_0000, kind: .filePrivate, name: "/bin/cat")
        let symbols = Symbols(
            pid: 100, file: "/bin/cat", buildID: "", problem: "",
            list: [.init(start: 0x1000, end: 0x2000, name: "main"), .init(start: 0x2000, end: 0x3000, name: "work")])
        var faults = (0..<3).map { fault(2_000_000_000 + $0, ip: 0x55d0_0000_1123 + $0) }
        for place in faults.indices { faults[place].stacks.user = UInt32(place + 1) }
        let stacks = (1...3).map { AgentMessage.stack(StackTrace(id: $0, frames: [0x55d0_0000_1123, $0 == 3 ? 0x55d0_0000_1200 : 0x55d0_0000_2200])) }
        let news = [.mappings(Mappings(timeNs: 1, pid: 100, list: [code]))] + stacks + [AgentMessage.symbols(symbols)]
        #expect(try TraceFixtures.report(by: .function, faults, news).groups.map(\.name) == ["cat!main"])
        let byStack = try TraceFixtures.report(by: .stack, faults, news)
        #expect(byStack.groups.map(\.name) == ["main;work", "main;main"] && byStack.groups.map(\.sum.events) == [2, 1])
    }

    @Test func `groups past the limit are counted together`() throws {
        let many = (0..<70_000).map { fault(1_000_000_000 + UInt64($0), tid: UInt32($0 % 65_600) + 1) }
        var table = GroupTable(.thread)
        many.withUnsafeBufferPointer { table.add($0, TraceNames()) }
        #expect(table.groups.count == 65_536 && table.others.events == 64)
        #expect(table.groups.reduce(0) { $0 + $1.sum.events } == 70_000 - 64)
    }

    // MARK: Latency

    @Test func `latencies are told by outcome, to two digits, and the longest exactly`() throws {
        let report = try TraceFixtures.report(by: .cause, faults)
        #expect(report.outcomes.map(\.outcome) == [nil, .minor, .major])
        #expect(report.latencies.count == 3)
        #expect((1985...2015).contains(report.latencies.percentile(50)) && report.latencies.longestNs == 4000)
    }

    @Test func `the longest latency that can be told counts as a long one`() {
        var latencies = Latencies()
        for ns in [0, 1, .max] as [UInt64] { latencies.add(ns) }
        #expect(latencies.count == 3 && latencies.longestNs > 1 << 41 && latencies.percentile(1) == 0)
    }

    // MARK: Places

    @Test func `a file's page is one whoever has it mapped, other memory's is its process's`() throws {
        let file = { (pid: UInt32, start: UInt64) in
            AgentMessage.mappings(
                Mappings(timeNs: 1, pid: pid, list: [
                    MemoryMapping(start: start, end: start + 0x10_0000, offset: 0x4000, kind: .filePrivate, name: "/lib/libc.so"),
                    MemoryMapping(start: 0x7f00_0000_0000, end: 0x7f00_0010_0000, kind: .anonymous),
                ]))
        }
        let faults = [
            fault(2_000_000_000, pid: 100, address: 0x10_2345), fault(2_000_000_001, pid: 200, address: 0x20_2999),
            fault(2_000_000_002, pid: 100, address: 0x7f00_0000_1000), fault(2_000_000_003, pid: 100, address: 0x7f00_0000_1fff),
            fault(2_000_000_004, pid: 200, address: 0x7f00_0000_1000), fault(2_000_000_005, pid: 200, address: 0xffff_8880_0000_1000),
        ]
        let report = try TraceFixtures.report(by: .mapping, faults, [file(100, 0x10_0000), file(200, 0x20_0000)])
        #expect(report.files.map(\.name) == ["/lib/libc.so"] && report.files[0].events == 2)
        #expect(report.pages.prefix(2).allSatisfy { $0.events == 2 } && report.pages.count == 4 && report.pageError == 0)
        #expect(report.pages.contains { $0.place == .file("/lib/libc.so", offset: 0x6000) })
        #expect(report.pages.contains { $0.place == .memory(pid: 100, address: 0x7f00_0000_1000) && $0.events == 2 })
        #expect(report.pages.contains { $0.place == .memory(pid: 200, address: 0xffff_8880_0000_1000) })
    }

    @Test func `what occurs most is found among more than there is room for`() {
        var items = FrequentItems()
        for number in 0..<400_000 as Range<UInt64> {
            items.add(number &* 0x1234_5677 + 1000)
            if number % 40 < 3 { items.add(number % 3 + 1) }
        }
        let top = items.top(3)
        #expect(Set(top.map(\.key)) == [1, 2, 3])
        #expect(top.allSatisfy { $0.count <= 10_001 && $0.count + items.error >= 9_999 })
    }

    // MARK: Over time

    @Test func `steps grow with the trace, and nothing is lost`() {
        var timeline = Timeline(startNs: 1000)
        for time in stride(from: 0, to: 1_000_000_000, by: 1_000_000) as StrideTo<Int> { timeline.add(UInt64(time)) }
        #expect(timeline.steps.reduce(0, +) == 1000)
        #expect(timeline.steps.count <= Timeline.stepLimit && timeline.steps.count > Timeline.stepLimit / 4)
        timeline.add(.max)
        #expect(timeline.steps.reduce(0, +) == 1001 && timeline.steps.count <= Timeline.stepLimit)
    }

    // MARK: Comparison

    @Test func `a comparison tells what is new, gone, more and less`() throws {
        func report(_ counts: [String: Int]) throws -> TraceReport {
            let faults = counts.flatMap { name, count in (0..<count).map { fault(UInt64($0), pid: UInt32(name.utf8.first!), comm: Array(name.utf8)) } }
            return try TraceFixtures.report(by: .process, faults, joinsProcesses: true)
        }
        let comparison = ReportComparison(before: try report(["a": 10, "b": 5, "c": 2]), after: try report(["a": 3, "b": 5, "d": 4]))
        #expect(comparison.rows.map(\.name) == ["a", "d", "c", "b"])
        #expect(comparison.rows.map(\.change) == [-7, 4, -2, 0])
        #expect(comparison.rows[1].isNew && comparison.rows[2].isGone && !comparison.rows[0].isGone)
    }

    @Test func `where one in another number was let through both stand for all faults`() throws {
        let faults = (1...2).map { (number: UInt64) in
            var next = fault(number)
            next.latencyNs = number * 10
            return next
        }
        func report(oneIn every: UInt32) throws -> TraceReport {
            try TraceFixtures.report(by: .process, faults, joinsProcesses: true, sampleEvery: every)
        }
        let scaled = try #require(ReportComparison(before: report(oneIn: 7), after: report(oneIn: 1)).rows.first)
        #expect(scaled.before == 14 && scaled.after == 2 && scaled.latencyNsBefore == 210 && scaled.latencyNsAfter == 30)
        let alike = try ReportComparison(before: report(oneIn: 7), after: report(oneIn: 7))
        #expect(alike.rows.first?.before == 2 && alike.weights == (1, 1))
    }
}
