import FaultModel
public import TraceModel
public import WireProtocol

/// Plays a recording as if it happened now.
public struct Replay: ~Copyable {
    /// What is known of the trace before its first event.
    public let hello: Hello
    public let start: Start
    public let started: Started
    private var reader: RecordingReader

    public var header: RecordingHeader { reader.header }

    /// The file's size when it was opened; nil: it has none, as a pipe.
    public var byteCount: UInt64? { reader.byteCount }

    /// Opens a recording and reads its beginning.
    ///
    /// - Throws: `RecordingError` where there is no trace in it that could be played.
    public init(_ path: String) throws(RecordingError) {
        var reader = try RecordingReader(path)
        var (hello, start): (Hello?, Start?)
        var begun: Started?
        while begun == nil, let frame = try reader.next() {
            switch frame {
            case .said(.hello(let first)): hello = first
            case .asked(.start(let wish)): start = wish
            case .said(.started(let first)): begun = first
            default: break
            }
        }
        guard let hello, let begun else { throw .begun(path) }
        (self.hello, self.start, started) = (hello, start ?? Start(), begun)
        self.reader = reader
    }

    /// Plays all of it, or as much as can be read.
    ///
    /// - Parameters:
    ///   - output: where the faults go; when it fails the playing ends.
    ///   - foretellsNames: whether faults have the names of functions that come later in the file. The file is read twice then.
    ///   - progress: called now and then.
    public consuming func run<Failure: Error>(
        into output: OrderedOutput<Failure>, foretellsNames: Bool = false, progress: (ReplayProgress) -> Void = { _ in }
    ) -> Replayed<Failure> {
        var stage = ReplayStage(self, output)
        if foretellsNames { foretellNames(to: &stage) }
        let problem = play(&stage, progress)
        let summary = stage.finish()
        return Replayed(
            summary: summary, sinkFailure: stage.sinkFailure, problem: problem, cutBytes: reader.cutBytes, isContinued: stage.isContinued)
    }

    /// What cannot be read twice, as a pipe, or not to its end, foretells what it can; the playing says what is wrong with it.
    private func foretellNames<Failure: Error>(to stage: inout ReplayStage<Failure>) {
        guard byteCount != nil, var ahead = try? RecordingReader(reader.path) else { return }
        while let frame = try? ahead.next() {
            if case .said(.symbols) = frame { try? stage.take(frame, in: reader.path, atByte: ahead.position) }
        }
    }

    /// - Returns: why not all of it was played.
    private mutating func play<Failure: Error>(
        _ stage: inout ReplayStage<Failure>, _ progress: (ReplayProgress) -> Void
    ) -> RecordingError? {
        do throws(RecordingError) {
            while stage.sinkFailure == nil {
                let place = reader.position
                guard let frame = try reader.next() else { return nil }
                try stage.take(frame, in: reader.path, atByte: place)
                progress(ReplayProgress(bytes: reader.position, byteCount: reader.byteCount, events: stage.events))
            }
            return nil
        } catch {
            return error
        }
    }
}

/// How much has been played.
public struct ReplayProgress: Equatable, Sendable {
    public var bytes: UInt64
    /// nil: nobody knows how much there is.
    public var byteCount: UInt64?
    public var events: UInt64
}

/// What a recording came to.
public struct Replayed<Failure: Error>: Sendable {
    public var summary: TraceSummary
    /// Why the sink took not everything; nil: it did.
    public var sinkFailure: Failure?
    /// Why not all of the file could be read; nil: it could.
    public var problem: RecordingError?
    /// Bytes behind the last whole frame: the recorder was stopped while it wrote.
    public var cutBytes: UInt64
    /// The recording goes on in another file.
    public var isContinued: Bool
}

/// Takes the frames of a file to a trace.
struct ReplayStage<Failure: Error> {
    private(set) var isContinued = false
    private(set) var events: UInt64 = 0
    private var assembly: TraceAssembly<Failure>
    private let before: SessionPart
    /// Of the session that tells now, in this file.
    private var startNs: UInt64
    /// Of the trace's own time.
    private let origin = ContinuousClock.now
    private var now: ContinuousClock.Instant
    private var sessions = 1

    init(_ replay: borrowing Replay, _ output: OrderedOutput<Failure>) {
        before = replay.header.before
        startNs = replay.started.timeNs
        now = origin
        assembly = TraceAssembly(
            hello: replay.hello, sampleEvery: replay.start.filter.sampleEvery, wantsSymbols: false, isContinuation: replay.header.number > 1,
            output: output)
        try? assembly.take(.started(replay.started), at: origin)
    }

    var sinkFailure: Failure? { assembly.sinkFailure }

    mutating func take(_ frame: RecordedFrame, in path: String, atByte place: UInt64) throws(RecordingError) {
        do throws(TraceViolation) {
            try take(frame)
        } catch {
            throw .damaged(path, atByte: place, error.text)
        }
    }

    private mutating func take(_ frame: RecordedFrame) throws(TraceViolation) {
        switch frame {
        case .asked(let question): assembly.take(asked: question)
        case .interrupted(let gap):
            sessions += 1
            assembly.interrupt(gap)
        case .continued(let end):
            isContinued = true
            try assembly.take(.bye(Bye(end, sinceNs: startNs)), at: now)
        case .said(.error): break
        case .said(.bye(let bye)): try assembly.take(.bye(sessions == 1 ? bye.less(before, sinceNs: startNs) : bye), at: now)
        case .said(let message):
            if case .round(let round) = message { now = origin.advanced(by: .nanoseconds(Int64(clamping: round.completeUntilNs))) }
            if case .started(let started) = message { startNs = started.timeNs }
            try assembly.take(message, at: now)
            events = assembly.eventCount
        }
    }

    /// What everything came to; it had begun.
    mutating func finish() -> TraceSummary { assembly.finish()! }
}

extension Bye {
    /// The last word of a file that another one follows, as the agent would say it.
    fileprivate init(_ end: Continued, sinceNs: UInt64) {
        self.init(
            reason: .stopped, events: end.events, lost: end.lost, durationNs: end.untilNs > sinceNs ? end.untilNs - sinceNs : 0)
    }

    /// What is left of it for a file in which the session does not begin.
    fileprivate func less(_ before: SessionPart, sinceNs: UInt64) -> Bye {
        guard before.startNs > 0 else { return self }
        var rest = self
        rest.events &-= before.events
        rest.lost &-= before.lost
        let earlierNs = sinceNs > before.startNs ? sinceNs - before.startNs : 0
        rest.durationNs = durationNs > earlierNs ? durationNs - earlierNs : 0
        return rest
    }
}

extension TraceViolation {
    fileprivate var text: String {
        switch self {
        case .refused(let error): error.text
        case .malformed(let error): error.text
        case .unexpected(let what): "\(what) stands there"
        case .restarted: "another run of the device goes on there"
        }
    }
}
