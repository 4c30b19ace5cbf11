import FaultModel
@testable import LiveModel
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct TraceActivityTests {
    private static let second: UInt64 = 1_000_000_000
    private let start = second

    private func activity(weight: UInt32 = 1, processes: Int = 64, groups: Int = 64) -> TraceActivity {
        TraceActivity(startNs: start, weight: weight, processLimit: processes, groupLimit: groups)
    }

    /// A fault so many milliseconds after the start.
    private func at(_ ms: UInt64, pid: UInt32 = 100, tid: UInt32? = nil, outcome: FaultOutcome = .minor, ns: UInt64? = nil) -> PageFault {
        var fault = fault(start + ms * 1_000_000, pid: pid, tid: tid, traits: userWrite | outcome.rawValue << 6)
        fault.latencyNs = ns
        return fault
    }

    private func round(_ ms: UInt64) -> AgentMessage { .round(Round(completeUntilNs: start + ms * 1_000_000)) }

    @Test func `rates are of the last whole second, and fall to nothing after it`() {
        var activity = activity()
        for ms in stride(from: UInt64(0), to: 4000, by: 4) { activity.add([at(ms, ns: 1000)]) }
        for ms in stride(from: UInt64(3000), to: 4000, by: 100) { activity.add([at(ms, outcome: .major, ns: 5_000_000)]) }
        activity.note(round(4000))
        #expect(activity.rate.faults == 260)
        #expect(activity.rate.major == 10)
        #expect(activity.rate.timeNs == 250 * 1000 + 10 * 5_000_000)
        #expect(activity.processes.map(\.rate) == [activity.rate])
        activity.note(round(4500))
        #expect(activity.rate.faults == 130)
        activity.note(round(6000))
        #expect(activity.rate == ActivityRate())
        #expect(activity.totals.faults == 1010 && activity.totals.major == 10)
    }

    @Test func `in the first second a rate is of what has passed of it`() {
        var activity = activity()
        for ms in 0..<UInt64(250) { activity.add([at(ms)]) }
        #expect(activity.rate.faults == 0)
        activity.note(round(250))
        #expect(activity.rate.faults == 1000)
        activity.note(round(500))
        #expect(activity.rate.faults == 500)
    }

    @Test func `history has the last whole seconds, the empty ones too`() {
        var activity = activity()
        activity.add([at(100), at(200), at(2100), at(2200), at(2300)])
        activity.add([at(150, pid: 7)])
        activity.note(round(4000))
        #expect(activity.curve(columns: 10).values == [3, 0, 3, 0])
        #expect(activity.curve(columns: 2).values == [3, 0])
        #expect(activity.curve(of: 100, columns: 10).values == [2, 0, 3, 0])
        #expect(activity.curve(of: 7, columns: 10).values == [1, 0, 0, 0])
        #expect(activity.curve(of: 8, columns: 10).values == [])
        activity.note(round(1_000_000))
        #expect(activity.curve(columns: 3).values == [0, 0, 0])
    }

    @Test func `the curve of a recording has all of it, however long it is`() {
        for seconds in [UInt64(1), 5, 100, 3000] {
            var activity = TraceActivity(startNs: start, span: .whole)
            for step in 0..<UInt64(400) { activity.add([at(step * seconds * 1000 / 400), at(step * seconds * 500 / 400, pid: 7)]) }
            activity.end(atNs: start + seconds * Self.second)
            let (all, half) = (activity.curve(columns: 60), activity.curve(of: 7, columns: 20))
            #expect(all.values.count == 60 && half.values.count == 20)
            // Each column is rounded up.
            #expect((800...860).contains(all.values.reduce(0, +)) && (400...420).contains(half.values.reduce(0, +)))
            // Where the rate is the same all the time no column stands out.
            #expect(half.values[..<9].allSatisfy { (38...43).contains($0) } && half.values[11...].allSatisfy { $0 == 0 })
            #expect(abs(Double(all.stepNs) * 60 / Double(seconds * Self.second) - 1) < 0.02)
            #expect(abs(all.peak / (1200 / Double(seconds)) - 1) < 0.1)
        }
    }

    @Test func `late and impossible times do no harm`() {
        var activity = activity()
        activity.add([at(60_000), at(59_900), at(10)])
        activity.add([fault(1), fault(.max)])
        #expect(activity.totals.faults == 5)
        #expect(activity.rate.faults >= 0)
        #expect(activity.curve(columns: 100).values.count == 100)
    }

    @Test func `groups add up to the whole`() {
        var activity = activity()
        activity.add([at(1, tid: 100), at(2, tid: 101), at(3, tid: 101), at(4, pid: 7)])
        #expect(activity.threads(of: nil).map(\.counts.faults).sorted() == [1, 1, 2])
        #expect(activity.threads(of: 100).map(\.key.tid).sorted() == [100, 101])
        #expect(activity.mappings(of: 7).map(\.counts.faults) == [1])
        #expect(activity.causes(of: nil).reduce(0) { $0 + $1.counts.faults } == 4)
        #expect(activity.stacks(of: nil).isEmpty)
        #expect(activity.name(ofThread: 101)?.text == "cat")
    }

    @Test func `latencies fall into powers of two, by process and in all`() {
        var activity = activity()
        activity.add([at(1, ns: 1023), at(2, ns: 1024), at(3, ns: 2047), at(4, pid: 7, ns: .max), at(5, ns: 0)])
        let steps = activity.histogram(of: 100)
        #expect(steps[0] == 1 && steps[9] == 1 && steps[10] == 2 && steps.reduce(0, +) == 4)
        #expect(activity.histogram(of: 7).last == 1)
        #expect(activity.histogram(of: nil).reduce(0, +) == 5)
        #expect(activity.histogram(of: 9) == [])
    }

    @Test func `each sampled fault stands for many`() {
        var activity = activity(weight: 10)
        activity.add([at(1, ns: 100)])
        #expect(activity.totals.faults == 10 && activity.totals.timeNs == 1000)
        #expect(activity.histogram(of: 100).reduce(0, +) == 10)
    }

    @Test func `memory is bounded, and what happens now stays`() {
        var activity = activity(processes: 10, groups: 10)
        for pid in UInt32(1)...1000 { activity.add([at(UInt64(pid), pid: pid), at(UInt64(pid), pid: 9999)]) }
        #expect(activity.processes.count <= 10)
        #expect(activity.threads(of: nil).count <= 10)
        let busy = activity.processes.first { $0.pid == 9999 }
        #expect(busy?.counts.faults == 1000)
        #expect(activity.processes.contains { $0.pid == 1000 })
        let kept = activity.processes.reduce(0) { $0 + $1.counts.faults }
        #expect(kept + activity.otherProcesses.faults == 2000)
        #expect(activity.curve(of: 9999, columns: 9).values.reduce(0, +) == 1000 - 1)
    }

    @Test func `a process goes by its main thread's name`() {
        var activity = activity()
        let worker = fault(start + 1, tid: 101, comm: Array("worker".utf8))
        activity.add([worker])
        #expect(activity.processes[0].comm.text == "worker")
        activity.add([fault(start + 2), worker])
        #expect(activity.processes[0].comm.text == "cat")
    }

    @Test func `the load is what clocks ran between two readings`() {
        var load = CPULoad()
        load.note(CPUTimes(timeNs: Self.second, list: [.init(pid: 1, cpuTimeNs: 0), .init(pid: 2, cpuTimeNs: 500)]))
        #expect(load.share(of: 1) == nil)
        load.note(CPUTimes(timeNs: 3 * Self.second, list: [.init(pid: 1, cpuTimeNs: Self.second)]))
        #expect(load.share(of: 1) == 0.5)
        #expect(load.share(of: 2) == nil)
        load.note(CPUTimes(timeNs: 3 * Self.second, list: [.init(pid: 2, cpuTimeNs: 500 + 2 * Self.second)]))
        #expect(load.share(of: 1) == 0.5 && load.share(of: 2) == 1)
        load.note(CPUTimes(timeNs: 4 * Self.second, list: [.init(pid: 1, cpuTimeNs: 0)]))
        #expect(load.share(of: 1) == nil && load.share(of: 2) == nil)
    }

    @Test func `of a clock's time only the faults before its reading are a part`() {
        func read(_ ns: UInt64) -> CPUTimes { CPUTimes(timeNs: start, list: [.init(pid: 100, cpuTimeNs: ns)]) }
        var activity = activity()
        activity.add([at(1, ns: 500)])
        #expect(activity.processes[0].minorTimeReadNs == 0)
        activity.note(read(1000))
        activity.add([at(2, ns: 10_000)])
        #expect(activity.processes[0].minorTimeReadNs == 500)
        // A process that has gone is told once more.
        activity.note(read(1000))
        #expect(activity.processes[0].minorTimeReadNs == 500)
        activity.note(read(12_000))
        #expect(activity.processes[0].minorTimeReadNs == 10_500)
    }

    @Test func `a board has what a trace's sink was given`() {
        let board = ActivityBoard()
        #expect(board.state == nil)
        var assembly = TraceAssembly<Never>(
            hello: fixtureHello, wantsSymbols: false, output: OrderedOutput(ActivitySink(board), order: .ofComing))
        var script = AgentScript()
        for message in [.started(script.started), script.batch([at(1), at(2)]), round(600)] {
            try? assembly.take(message, at: .now)
            board.note(message)
        }
        #expect(board.state?.totals.faults == 2)
        #expect(board.state?.elapsedNs == 600_000_000)
    }
}
