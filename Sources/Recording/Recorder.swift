public import TraceModel
public import WireProtocol

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
#if canImport(System)
import System
#else
import SystemPackage
#endif

/// Writes a conversation with an agent into files, as it is.
///
/// When writing has failed once nothing more is written; what was written before can be read.
public struct Recorder: ~Copyable, Sendable {
    /// What is kept in memory at the most: a recorder that is killed loses no more.
    private static let flushInterval = Duration.milliseconds(250)
    private static let guardInterval = Duration.seconds(1)

    /// Why the trace has to end, which the caller sees to; nil: it may go on.
    public private(set) var problem: RecordingError?
    private var path: String
    private var events: UInt64 = 0
    private var header: RecordingHeader
    private let limits: RecordingLimits
    private let names: SeriesNames
    private var file: RecordingFile
    private var earlierBytes: UInt64 = 0
    private var begunAt: ContinuousClock.Instant
    private var flushedAt: ContinuousClock.Instant
    private var guardedAt: ContinuousClock.Instant
    private var isBroken = false
    /// Of a session that has not started.
    private var beginning: Beginning?
    /// What a file needs at its beginning beside the header.
    private var session: Session?
    /// Of the session, in this file.
    private var part = SessionPart()
    private var untilNs: UInt64 = 0

    private struct Beginning {
        let hello: Hello
        let start: Start
        var frames: [RawFrame] = []
    }

    private struct Session {
        let hello: Hello
        let start: Start
        let started: Started
    }

    /// Opens the file, or the first of them. What was there goes when a trace has begun, and not before.
    ///
    /// - Parameters:
    ///   - path: the file; with numbers before its ending where there may be several.
    ///   - overwrites: whether files of these names may go.
    ///   - header: what is known of the recording; its number is one.
    /// - Throws: `RecordingError.exists`, `.uncreatable`, `.shortOfSpace`.
    public init(
        _ path: String, overwrites: Bool, limits: RecordingLimits, header: RecordingHeader, at now: ContinuousClock.Instant
    ) throws(RecordingError) {
        let names = SeriesNames(path, isNumbered: limits.rotates)
        if !overwrites { try names.check() }
        var file = try RecordingFile(names.path(1), overwrites: overwrites)
        try file.add(header.encoded())
        if let shortage = Self.shortage(limits, at: names.path(1)) {
            file.abandon()
            throw shortage
        }
        self.file = file
        self.path = names.path(1)
        self.names = names
        self.limits = limits
        self.header = header
        (begunAt, flushedAt, guardedAt) = (now, now, now)
    }

    // MARK: The conversation

    /// A session begins: what the agent said first, and what it was asked for. Of one that never starts nothing is written.
    public mutating func begin(_ hello: Hello, _ start: Start) { beginning = Beginning(hello: hello, start: start) }

    /// Takes a frame of the agent's as it came.
    ///
    /// - Parameter message: what it holds; nil: nobody here knows.
    public mutating func take(_ frame: RawFrame, _ message: AgentMessage?, at now: ContinuousClock.Instant) {
        guard started(frame, message) else { return }
        write { file throws(RecordingError) in try file.add(frame) }
        switch message {
        case .batch? where !isBroken: count(frame)
        case .lost(let gap)?: part.lost &+= gap.count
        case .round(let round)?:
            untilNs = round.completeUntilNs
            look(at: now)
        default: break
        }
    }

    /// Takes a question to the agent.
    public mutating func take(_ question: HostMessage) { add(question.encoded()) }

    /// The connection was lost; another session may follow.
    public mutating func interrupt(_ gap: Interruption) {
        add(gap.encoded())
        write { file throws(RecordingError) in try file.flush() }
    }

    /// Nothing more comes: everything goes to the disk. Where the trace never began, all files are as they were before.
    public mutating func finish() {
        if session == nil { return file.abandon() }
        write { file throws(RecordingError) in try file.finish() }
    }

    /// What has been recorded until now.
    public var recorded: Recorded {
        let kept = min(header.number, limits.keepFiles.map { UInt32(clamping: $0) } ?? .max)
        return Recorded(path: path, files: header.number, kept: kept, events: events, byteCount: earlierBytes + file.byteCount)
    }

    /// - Returns: false where the frame belongs to a session that has not started: it waits for that, and goes with it.
    private mutating func started(_ frame: RawFrame, _ message: AgentMessage?) -> Bool {
        guard var beginning = beginning.take() else { return true }
        guard case .started(let started)? = message else {
            beginning.frames.append(frame)
            self.beginning = beginning
            return false
        }
        if session == nil { names.clear() }
        session = Session(hello: beginning.hello, start: beginning.start, started: started)
        (part, header.before) = (SessionPart(), SessionPart())
        add(AgentMessage.hello(beginning.hello).encoded())
        add(HostMessage.start(beginning.start).encoded())
        for frame in beginning.frames { write { file throws(RecordingError) in try file.add(frame) } }
        return true
    }

    private mutating func count(_ batch: RawFrame) {
        let count = UInt64(BatchDecoder.eventCount(batch.payload) ?? 0)
        part.events &+= count
        events &+= count
    }

    private mutating func add(_ bytes: [UInt8]) { write { file throws(RecordingError) in try file.add(bytes) } }

    private mutating func write(_ body: (inout RecordingFile) throws(RecordingError) -> Void) {
        if isBroken { return }
        do throws(RecordingError) {
            try body(&file)
        } catch {
            (problem, isBroken) = (error, true)
        }
    }

    // MARK: Limits

    private mutating func look(at now: ContinuousClock.Instant) {
        if now - flushedAt >= Self.flushInterval {
            flushedAt = now
            write { file throws(RecordingError) in try file.flush() }
        }
        if now - guardedAt >= Self.guardInterval {
            guardedAt = now
            problem = problem ?? Self.shortage(limits, at: path)
        }
    }

    /// Less is free than is to be left; nil: there is enough, or nobody can tell.
    private static func shortage(_ limits: RecordingLimits, at path: String) -> RecordingError? {
        var facts = statvfs()
        guard limits.minFree > 0, statvfs(path, &facts) == 0 else { return nil }
        let free = UInt64(facts.f_bavail) &* UInt64(facts.f_frsize)
        return free < limits.minFree ? .shortOfSpace(path, free: free) : nil
    }
}

// MARK: - Several files

extension Recorder {
    /// Whether another file is to be begun; worth asking after a round.
    public func wantsRotation(at now: ContinuousClock.Instant) -> Bool {
        guard limits.rotates, session != nil, !isBroken else { return false }
        return file.byteCount >= limits.rotateSize ?? .max || limits.rotateEvery.map { now - begunAt >= $0 } ?? false
    }

    /// Ends the file and begins another one, which can be read alone.
    ///
    /// - Parameters:
    ///   - said: what has been told until now and still holds.
    ///   - asked: what has been asked and is still to be answered.
    ///   - wallClockNs: CLOCK_REALTIME.
    public mutating func rotate(said: [AgentMessage], asked: [HostMessage], wallClockNs: UInt64, at now: ContinuousClock.Instant) {
        guard let session else { return }
        add(Continued(events: part.events, lost: part.lost, untilNs: untilNs).encoded())
        finish()
        earlierBytes += file.byteCount
        header.goOn(part, session.started, wallClockNs: wallClockNs)
        part = SessionPart()
        var started = session.started
        started.begin(atNs: untilNs)
        open(at: now)
        add(AgentMessage.hello(session.hello).encoded())
        add(HostMessage.start(session.start).encoded())
        for message in [.started(started)] + said { add(message.encoded()) }
        for question in asked { add(question.encoded()) }
        if let keep = limits.keepFiles, header.number > keep { unlink(names.path(header.number - UInt32(keep))) }
    }

    private mutating func open(at now: ContinuousClock.Instant) {
        path = names.path(header.number)
        begunAt = now
        do throws(RecordingError) {
            file = try RecordingFile(path, overwrites: true)
            try file.add(header.encoded())
        } catch {
            (problem, isBroken) = (error, true)
        }
    }
}
