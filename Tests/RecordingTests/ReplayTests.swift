import Recording
import Testing
import TraceFixtures
import TraceModel
import WireProtocol

struct ReplayTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func `a recording plays as the trace was`() throws {
        try recordShort(folder.path("a.flt"))
        let (lines, result) = try play(folder.path("a.flt"))
        let place = "cat main+0x123 2"
        #expect(
            lines == [
                "begin 1000000000", "1000002000 \(place)", "1000003000 \(place)", "lost 7", "1000004000 \(place)", "1000005000 \(place)",
                "1000006000 \(place)", "finish 5",
            ])
        #expect(result.problem == nil && result.cutBytes == 0 && !result.isContinued)
        #expect(result.summary.cut == nil && result.summary.lost == 7 && result.summary.session.sampleEvery == 3)
    }

    @Test func `its header says what was recorded, and when`() throws {
        try recordShort(folder.path("a.flt"))
        let replay = try Replay(folder.path("a.flt"))
        #expect(replay.header == Conversation.header)
        #expect(replay.start == Conversation.wish && replay.hello == fixtureHello && replay.started == fixtureStarted())
    }

    @Test func `frames of other versions are passed over`() throws {
        try recordShort(folder.path("a.flt"))
        let bytes = try folder.bytes("a.flt")
        let strange = [Frame.encoded(0x7f) { $0.string("?") }, Frame.encoded(0xfff) { _ in }, Frame.encoded(0x1ff) { $0.u64(1) }].flatMap(sealed)
        let (lines, result) = try play(try folder.write("b.flt", bytes + strange))
        #expect(lines.last == "finish 5" && result.problem == nil && result.cutBytes == 0)
    }

    @Test(arguments: [(false, "-"), (true, "main+0x123")])
    func `names that come late are foretold on request`(isForetold: Bool, name: String) throws {
        var talk = Conversation()
        var recorder = try Recorder(
            folder.path("a.flt"), overwrites: false, limits: RecordingLimits(), header: Conversation.header, at: .now)
        recorder.begin(talk.script.hello, Conversation.wish)
        for message in talk.beginning + [talk.batch([1_000_002_000])] { recorder.say(message) }
        recorder.take(.symbolise(Conversation.question))
        for untilNs: UInt64 in [1_000_002_000, 9_000_000_000] { recorder.say(.round(Round(completeUntilNs: untilNs))) }
        recorder.say(.symbols(Conversation.answer(to: Conversation.question)))
        recorder.say(talk.script.bye)
        recorder.finish()
        let (lines, _) = try play(folder.path("a.flt"), foretellsNames: isForetold)
        #expect(lines == ["begin 1000000000", "1000002000 cat \(name) 2", "finish 1"])
    }

    @Test func `sessions of one trace follow each other`() throws {
        var talk = Conversation()
        var recorder = try Recorder(
            folder.path("a.flt"), overwrites: false, limits: RecordingLimits(), header: Conversation.header, at: .now)
        recorder.begin(talk.script.hello, Conversation.wish)
        for message in talk.beginning + [talk.batch([1_000_002_000]), .round(Round(completeUntilNs: 1_000_002_500))] { recorder.say(message) }
        recorder.interrupt(Interruption(reason: "the cable was cut", sinceNs: 1_000_002_500, wallClockNs: 1))
        talk.script = AgentScript(startNs: 1_500_000_000)
        recorder.begin(talk.script.hello, Conversation.wish)
        for message in talk.beginning + [talk.batch([1_500_002_000, 1_500_003_000]), talk.script.bye] { recorder.say(message) }
        recorder.finish()
        let (lines, result) = try play(folder.path("a.flt"))
        #expect(
            lines == [
                "begin 1000000000", "1000002000 cat - 2", "the cable was cut 1000002500-1500000000", "1500002000 cat - 2", "1500003000 cat - 2",
                "finish 3",
            ])
        #expect(result.summary.cut == .interrupted(1) && result.summary.durationNs == 1_500_000_000)
        #expect(result.summary.outages.map(\.reason) == ["the cable was cut"])
    }

    @Test func `an attempt that came to nothing leaves the recording as it was`() throws {
        var talk = Conversation()
        var recorder = try Recorder(
            folder.path("a.flt"), overwrites: false, limits: RecordingLimits(), header: Conversation.header, at: .now)
        recorder.begin(talk.script.hello, Conversation.wish)
        for message in talk.beginning + [talk.batch([1_000_002_000])] { recorder.say(message) }
        recorder.interrupt(Interruption(reason: "the cable was cut", sinceNs: 1_000_002_500, wallClockNs: 1))
        let before = recorder.recorded.byteCount
        recorder.begin(talk.script.hello, Conversation.wish)
        recorder.say(.error(AgentError(.busy, "the agent serves another controller")))
        let after = recorder.recorded.byteCount
        recorder.finish()
        let (lines, result) = try play(folder.path("a.flt"))
        #expect(before == after && lines == ["begin 1000000000", "1000002000 cat - 2", "finish 1"])
        #expect(result.summary.cut == .noEnding && result.summary.outages.isEmpty)
    }

    @Test func `a file that is begun after an interruption is counted from its own session on`() throws {
        var talk = Conversation()
        var recorder = try Recorder(
            folder.path("a.flt"), overwrites: false, limits: RecordingLimits(rotateEvery: .seconds(1)), header: Conversation.header, at: .now)
        recorder.begin(talk.script.hello, Conversation.wish)
        for message in talk.beginning + [talk.batch([1_000_002_000])] { recorder.say(message) }
        recorder.interrupt(Interruption(reason: "the cable was cut", sinceNs: 1_000_002_500, wallClockNs: 1))
        talk.script = AgentScript(startNs: 1_500_000_000)
        recorder.begin(talk.script.hello, Conversation.wish)
        for message in talk.beginning + [talk.batch([1_500_002_000, 1_500_003_000]), .round(Round(completeUntilNs: 1_700_000_000))] { recorder.say(message) }
        recorder.rotate(said: talk.beginning.filter { if case .started = $0 { false } else { true } }, asked: [], wallClockNs: 8, at: .now)
        for message in [talk.batch([1_800_000_000]), talk.script.bye] { recorder.say(message) }
        recorder.finish()
        let (first, second) = (try play(folder.path("a-0001.flt")).result, try play(folder.path("a-0002.flt")).result)
        #expect(first.isContinued && first.summary.cut == .interrupted(1))
        #expect(first.summary.events == 3 && first.summary.durationNs == 700_000_000)
        #expect(second.summary.cut == nil && second.summary.events == 1 && second.summary.durationNs == 800_000_000)
    }
}
