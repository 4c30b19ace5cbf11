public import FaultModel
import SwiftProtobuf
public import TraceModel
import TraceSchemas
public import WireProtocol

/// A trace for ui.perfetto.dev and trace_processor: an instant on its thread's track for each fault, named by the cause, with what is
/// known of it as arguments and its stack; a counter track for each cause; and what was lost, as instants and as a counter.
///
/// Times are CLOCK_BOOTTIME, as in Android's own traces, so that the two can be joined (`cat`). Names and stacks are told once, and
/// after `nameLimit` of them anew, so that memory stays bounded however long the trace is.
public struct PerfettoPackets: LineFormat {
    private let nameLimit: Int
    private var packets = PacketWriter(seed: 0)
    private var tracks = TrackTable(seed: 0)
    private var counters = CauseCounters(TrackTable(seed: 0), fromNs: 0)
    private var interned = InternTable()
    private var event = TextBuffer(capacity: 1024)
    private var threads = FragmentCache<ThreadKey>(slots: 4096)
    private var kinds = FragmentCache<CausedKind>(slots: 1024)
    private var places = FragmentCache<PlaceKey>(slots: 4096)
    private var instructions = FragmentCache<CodeKey>(slots: 1 << 15)
    private var weight: UInt64 = 1
    private var lossTrack: UInt64 = 0

    /// - Parameter nameLimit: how many names, frames and stacks are remembered, here and by whoever reads the trace.
    public init(nameLimit: Int = 1 << 17) { self.nameLimit = nameLimit }

    public mutating func begin(_ session: TraceSession, to text: inout TextBuffer) {
        let seed = mixed(session.startNs, session.wallClockNs)
        packets = PacketWriter(seed: seed)
        tracks = TrackTable(seed: seed)
        counters = CauseCounters(tracks, fromNs: session.startNs)
        lossTrack = tracks.track(100)
        weight = UInt64(session.sampleEvery)
        packets.clear()
        packets.write(session.clocks, to: &text)
        packets.write(session.system, to: &text)
        packets.write(.descriptor(counters.group, at: session.startNs), to: &text)
        packets.write(.descriptor(.with { ($0.uuid, $0.name) = (lossTrack, "faultline") }, at: session.startNs), to: &text)
    }

    public mutating func fault(_ fault: PageFault, _ names: TraceNames, to text: inout TextBuffer) {
        if interned.count >= nameLimit { forget() }
        if counters.isDue(atNs: fault.timeNs) { writeCounters(to: &text) }
        counters.add(fault.cause, count: weight, atNs: fault.timeNs)
        event.removeAll()
        appendEvent(of: fault, names)
        writeUntold(atNs: fault.timeNs, to: &text)
        packets.write(event: event, atNs: fault.timeNs, to: &text)
    }

    public mutating func lost(_ gap: Lost, to text: inout TextBuffer) {
        if counters.isDue(atNs: gap.firstNs) { writeCounters(to: &text) }
        counters.add(lost: gap.count, atNs: gap.firstNs)
        writeInstant("faults lost", [.count: gap.count, .cpu: UInt64(gap.cpu)], atNs: gap.firstNs, to: &text)
    }

    public mutating func interrupted(_ outage: Outage, to text: inout TextBuffer) {
        writeInstant("connection lost", [.duration: outage.durationNs], atNs: outage.sinceNs, to: &text)
    }

    public mutating func finish(_ summary: TraceSummary, to text: inout TextBuffer) {
        writeCounters(to: &text)
        let totals: KeyValuePairs<FaultArgument, UInt64> = [
            .events: summary.events, .lost: summary.lost, .heldBack: summary.heldBack, .isComplete: summary.cut == nil ? 1 : 0,
        ]
        writeInstant("end of trace", totals, atNs: summary.session.startNs.addingOrMax(summary.durationNs), to: &text)
    }

    // MARK: Parts of an event

    private mutating func appendEvent(of fault: PageFault, _ names: TraceNames) {
        threads.append(ThreadKey(fault), to: &event, &tracks) { key, tracks, text in
            text.fields(PerfettoTrackEvent.thread(tracks.track(of: key, names), key.thread.uid))
        }
        kinds.append(CausedKind(fault), to: &event, &interned) { kind, interned, text in text.fields(kind.event(&interned)) }
        if fault.place.name != 0 {
            places.append(PlaceKey(fault.place), to: &event, &interned) { key, interned, text in text.fields(key.event(names, &interned)) }
        }
        if fault.code.name != 0 {
            instructions.append(CodeKey(fault.code, names), to: &event, &interned) { key, interned, text in text.fields(key.event(names, &interned)) }
        }
        let stack = fault.stacks == FaultStacks() ? 0 : interned.stack(fault.stacks) { names.frames(of: fault).map { names.named($0) } }
        appendNumbers(of: fault, stack)
    }

    /// What is another with each event: eight fields of at most fifteen bytes.
    private mutating func appendNumbers(of fault: PageFault, _ stack: UInt64) {
        event.fields(atMost: 128) { [weight] fields in
            fields.argument(.address, pointer: fault.address)
            fields.argument(.ip, pointer: fault.ip)
            fields.argument(.cpu, number: UInt64(fault.cpu))
            if let latency = fault.latencyNs { fields.argument(.latency, number: latency) }
            if weight != 1 { fields.argument(.weight, number: weight) }
            if fault.place.name != 0 { fields.argument(.offset, pointer: fault.place.offset) }
            if stack != 0 { fields.callstack(stack) }
        }
    }

    // MARK: What events refer to

    /// Names and stacks are told anew from here on.
    private mutating func forget() {
        interned = InternTable()
        kinds = FragmentCache(slots: 1024)
        places = FragmentCache(slots: 4096)
        instructions = FragmentCache(slots: 1 << 15)
        packets.clear()
    }

    @inline(__always)
    private mutating func writeUntold(atNs timeNs: UInt64, to text: inout TextBuffer) {
        for track in tracks.takeUntold() { packets.write(.descriptor(track, at: timeNs), to: &text) }
        if let data = interned.takeUntold() {
            packets.write(.with { ($0.timestamp, $0.internedData) = (timeNs, data) }, to: &text)
        }
    }

    private mutating func writeCounters(to text: inout TextBuffer) {
        for packet in counters.take() { packets.write(packet, to: &text) }
    }

    /// Something that happened to the trace itself.
    private mutating func writeInstant(
        _ name: String, _ arguments: KeyValuePairs<FaultArgument, UInt64>, atNs timeNs: UInt64, to text: inout TextBuffer
    ) {
        let (nameNumber, category) = (interned.event(name), interned.category("trace"))
        writeUntold(atNs: timeNs, to: &text)
        packets.write(.event(at: timeNs) { event in
            (event.type, event.trackUuid, event.nameIid, event.categoryIids) = (.instant, lossTrack, nameNumber, [category])
            event.debugAnnotations = arguments.map { argument, value in .with { ($0.nameIid, $0.uintValue) = (argument.rawValue, value) } }
        }, to: &text)
    }
}

// MARK: - The session

extension TraceSession {
    fileprivate var clocks: PerfettoTracePacket {
        .with {
            $0.timestamp = startNs
            $0.clockSnapshot = .with { snapshot in
                snapshot.primaryTraceClock = .boottime
                snapshot.clocks = [(PerfettoBuiltinClock.boottime, startNs), (.realtime, wallClockNs)].map { clock, time in
                    .with { ($0.clockID, $0.timestamp) = (UInt32(clock.rawValue), time) }
                }
            }
        }
    }

    fileprivate var system: PerfettoTracePacket {
        .with {
            $0.timestamp = startNs
            $0.systemInfo = .with { system in
                system.utsname = .with { ($0.sysname, $0.release, $0.machine) = ("Linux", report.kernel.release, report.kernel.arch) }
                system.tracingServiceVersion = "faultline \(agentVersion)"
                (system.pageSize, system.numCpus) = (report.kernel.pageSize, cpuCount)
            }
        }
    }
}
