import Recording
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

#if canImport(System)
import System
#else
import SystemPackage
#endif

struct RecorderTests {
    private let folder: Folder
    private let now = ContinuousClock.now

    init() throws { folder = try Folder() }

    private func recorder(
        _ name: String = "a.flt", overwrites: Bool = false, _ limits: RecordingLimits = RecordingLimits()
    ) throws(RecordingError) -> Recorder {
        try Recorder(folder.path(name), overwrites: overwrites, limits: limits, header: Conversation.header, at: now)
    }

    // MARK: Files that are there

    @Test func `a file that is not empty stays unless it may go`() throws {
        let path = try folder.write("a.flt", [1, 2, 3])
        #expect(throws: RecordingError.exists(path)) { _ = try recorder() }
        #expect(try folder.bytes("a.flt") == [1, 2, 3])
        var fresh = try recorder(overwrites: true)
        fresh.begin(fixtureHello, Start())
        fresh.say(.started(fixtureStarted()))
        fresh.finish()
        #expect(try play(path).lines == ["begin 1000000000", "finish 0"])
    }

    @Test func `a folder that cannot be written to is named`() {
        #expect(throws: RecordingError.uncreatable("/none/a.flt", .noSuchFileOrDirectory)) {
            _ = try Recorder("/none/a.flt", overwrites: false, limits: RecordingLimits(), header: Conversation.header, at: now)
        }
    }

    @Test func `nothing is left of a trace that never began`() throws {
        var recorder = try recorder()
        recorder.begin(fixtureHello, Start())
        recorder.finish()
        #expect(folder.names.isEmpty)
    }

    @Test func `what is there stays where no trace begins`() throws {
        try folder.write("a.flt", [1, 2, 3])
        var recorder = try recorder(overwrites: true)
        recorder.begin(fixtureHello, Start())
        recorder.finish()
        #expect(try folder.bytes("a.flt") == [1, 2, 3])
        #expect(throws: (any Error).self) { _ = try self.recorder(overwrites: true, RecordingLimits(minFree: .max)) }
        #expect(try folder.bytes("a.flt") == [1, 2, 3])
    }

    @Test func `so do the files of a series`() throws {
        for name in ["run-0001.flt", "run-0002.flt"] { try folder.write(name, [1, 2, 3]) }
        var recorder = try recorder("run.flt", overwrites: true, RecordingLimits(rotateSize: 100))
        recorder.begin(fixtureHello, Start())
        recorder.finish()
        #expect(try folder.bytes("run-0001.flt") == [1, 2, 3] && folder.names == ["run-0001.flt", "run-0002.flt"])
    }

    @Test func `files of an earlier series do not stand among those of a new one`() throws {
        let path = try folder.write("run-0007.flt", [1])
        #expect(throws: RecordingError.exists(path)) { _ = try self.recorder("run.flt", RecordingLimits(rotateSize: 1)) }
        for name in ["run-0001.flt", "run-0002.flt", "run-old.flt"] { try folder.write(name, [UInt8](repeating: 1, count: 10_000)) }
        var recorder = try recorder("run.flt", overwrites: true, RecordingLimits(rotateSize: 100))
        recorder.begin(fixtureHello, Start())
        recorder.say(.started(fixtureStarted()))
        recorder.finish()
        #expect(folder.names == ["run-0001.flt", "run-old.flt"])
        #expect(try play(folder.path("run-0001.flt")).lines == ["begin 1000000000", "finish 0"])
    }

    // MARK: While it is written

    @Test func `what a killed recorder has written can be read`() throws {
        var talk = Conversation()
        var recorder = try recorder()
        recorder.begin(talk.script.hello, Conversation.wish)
        for message in talk.beginning + [talk.batch([1_000_002_000])] { recorder.say(message) }
        recorder.say(.round(Round(completeUntilNs: 1_000_003_000)), at: now + .milliseconds(300))
        let (lines, result) = try play(folder.path("a.flt"))
        #expect(lines.last == "finish 1" && result.summary.cut == .noEnding)
        recorder.finish()
    }

    @Test func `a full disk ends the recording`() throws {
        let talk = Conversation()
        var recorder = try Recorder("/dev/full", overwrites: false, limits: RecordingLimits(), header: Conversation.header, at: now)
        recorder.begin(talk.script.hello, Conversation.wish)
        for message in talk.beginning { recorder.say(message) }
        let before = recorder.problem
        recorder.finish()
        let after = recorder.problem
        #expect(before == nil && after == .unwritable("/dev/full", .noSpace))
    }

    @Test func `too little room ends it before it begins, or when it is noticed`() throws {
        #expect {
            _ = try recorder("b.flt", RecordingLimits(minFree: .max))
        } throws: { error in
            if case .shortOfSpace? = error as? RecordingError { true } else { false }
        }
        #expect(folder.names.isEmpty)
    }

    // MARK: Several files

    /// Two rounds of faults, one in each of two files.
    private func recordTwo(_ limits: RecordingLimits) throws {
        var talk = Conversation()
        var assembly = TraceAssembly(
            hello: talk.script.hello, sampleEvery: 3, wantsSymbols: true, output: OrderedOutput<Never>(nil))
        var recorder = try recorder("run.flt", limits)
        recorder.begin(talk.script.hello, Conversation.wish)
        func say(_ message: AgentMessage, _ recorder: inout Recorder) throws {
            recorder.say(message)
            try assembly.take(message, at: now)
            for case .symbolise(let question) in assembly.takeQuestions() {
                recorder.take(.symbolise(question))
                recorder.say(.symbols(Conversation.answer(to: question)))
                try assembly.take(.symbols(Conversation.answer(to: question)), at: now)
            }
        }
        for message in talk.beginning + [talk.batch([1_000_002_000])] { try say(message, &recorder) }
        try say(.cpuTimes(CPUTimes(timeNs: 1, list: [.init(pid: 100, cpuTimeNs: 70)])), &recorder)
        try say(.round(Round(completeUntilNs: 1_200_000_000)), &recorder)
        let later = now + .seconds(3)
        let isDue = recorder.wantsRotation(at: later)
        let (said, asked) = assembly.retold(atNs: 1_200_000_000)
        recorder.rotate(said: said, asked: asked, wallClockNs: 8, at: later)
        let isDueAgain = recorder.wantsRotation(at: later)
        #expect(isDue && !isDueAgain)
        for message in [talk.batch([1_300_002_000, 1_300_003_000]), talk.script.gap(2, atNs: 1_300_002_500)] { try say(message, &recorder) }
        try say(.cpuTimes(CPUTimes(timeNs: 2, list: [.init(pid: 100, cpuTimeNs: 100)])), &recorder)
        try say(talk.script.bye, &recorder)
        recorder.finish()
        let (problem, recorded) = (recorder.problem, recorder.recorded)
        #expect(problem == nil && recorded.files == 2 && recorded.events == 3)
    }

    @Test func `each file of a recording can be read alone`() throws {
        try recordTwo(RecordingLimits(rotateEvery: .seconds(2)))
        #expect(folder.names == ["run-0001.flt", "run-0002.flt"])
        let (first, firstResult) = try play(folder.path("run-0001.flt"))
        #expect(first == ["begin 1000000000", "1000002000 cat main+0x123 2", "finish 1"])
        #expect(firstResult.summary.cut == nil && firstResult.isContinued && firstResult.summary.durationNs == 200_000_000)
        let (second, secondResult) = try play(folder.path("run-0002.flt"))
        #expect(
            second == [
                "begin 1200000000", "1300002000 cat main+0x123 2", "lost 2", "1300003000 cat main+0x123 2", "finish 2",
            ])
        #expect(secondResult.summary.cut == nil && !secondResult.isContinued)
        #expect(secondResult.summary.durationNs == 800_000_000 && secondResult.summary.cpu.time(of: 100) == 30)
        let process = secondResult.summary.statistics.processes()[0]
        #expect(secondResult.summary.process(process)?.commandLine == "cat x")
    }

    @Test func `their headers say that they belong together`() throws {
        try recordTwo(RecordingLimits(rotateEvery: .seconds(2)))
        let replay = try Replay(folder.path("run-0002.flt"))
        #expect(replay.header.series == Conversation.header.series && replay.header.number == 2 && replay.header.wallClockNs == 8)
        #expect(replay.header.before == SessionPart(events: 1, lost: 0, startNs: 1_000_000_000))
    }

    @Test func `only the newest files are kept`() throws {
        try recordTwo(RecordingLimits(rotateEvery: .seconds(2), keepFiles: 1))
        #expect(folder.names == ["run-0002.flt"])
    }
}
