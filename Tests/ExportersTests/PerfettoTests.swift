import Exporters
import FaultModel
import SwiftProtobuf
import Testing
import TraceFixtures
import TraceModel
import TraceSchemas
import WireProtocol

struct PerfettoTests {
    private func packets(names: TraceNames = TraceNames(), sampleEvery: UInt32 = 1, _ pieces: TimeOrder.Piece...) throws -> [PerfettoTracePacket] {
        var format = PerfettoPackets()
        var text = TextBuffer()
        let session = session(sampleEvery: sampleEvery)
        format.begin(session, to: &text)
        for piece in pieces {
            switch piece {
            case .faults(let faults): for fault in faults { format.fault(fault, names, to: &text) }
            case .lost(let gap): format.lost(gap, to: &text)
            }
        }
        format.finish(TraceSummary(session: session), to: &text)
        return try PerfettoTrace(serializedBytes: Array(text.bytes)).packet
    }

    @Test func `a fault is an instant on its thread's track, with what is known of it`() throws {
        let (fault, names) = explainedFault()
        let told = Told(try packets(names: names, .faults([fault])))
        let event = try #require(told.faults.first)
        #expect(told.faults.count == 1)
        #expect(event.timestamp == 1_500_000_000)
        #expect(told.name(event) == "page cache")
        #expect(told.arguments(event) == [
            "uid": "10123", "mode": "user", "access": "execute", "present": "false", "outcome": "minor", "cause": "file",
            "error_code": "0x6", "flags": "W|U", "address": "0x7f0000001000", "ip": "0x55d000001123", "cpu": "0",
            "mapping": "/data/app/base.apk", "region": "apk", "offset": "0x85010", "ip_mapping": "/lib/libc.so.6", "ip_offset": "0x1123",
        ])
        let thread = try #require(told.tracks[event.trackEvent.trackUuid])
        #expect((thread.thread.pid, thread.thread.tid, thread.thread.threadName) == (100, 100, "cat"))
        let process = try #require(told.tracks[thread.parentUuid]?.process)
        #expect((process.pid, process.processName, process.processLabels) == (100, "com.example.browser:tab0", ["com.example.browser"]))
        #expect((process.cmdline, process.startTimestampNs) == (["com.example.browser:tab0"], 500_000_000))
    }

    @Test func `times are CLOCK_BOOTTIME, and the wall clock is told`() throws {
        let packets = try packets(.faults([fault(2_000_000_000)]))
        let clocks = try #require(packets.first?.clockSnapshot)
        #expect(clocks.primaryTraceClock == .boottime)
        #expect(clocks.clocks.map { [UInt64($0.clockID), $0.timestamp] } == [[6, 1_000_000_000], [1, 1_700_000_000_000_000_000]])
    }

    @Test func `the first packet clears what was told, and all are of one sequence`() throws {
        let packets = try packets(.faults([fault(2_000_000_000)]))
        #expect(packets.map(\.sequenceFlags) == [1] + [UInt32](repeating: 2, count: packets.count - 1))
        #expect(Set(packets.map(\.trustedPacketSequenceID)).count == 1)
    }

    @Test func `a thread has one track, under its newest name`() throws {
        let packets = try packets(.faults([fault(1), fault(2), fault(3, comm: Array("dog".utf8)), fault(4, tid: 101)]))
        let told = packets.map(\.trackDescriptor).filter(\.hasThread)
        #expect(told.map(\.thread.threadName) == ["cat", "dog", "cat"])
        #expect(told[0].uuid == told[1].uuid)
        #expect(told[0].uuid != told[2].uuid)
        #expect(Set(told.map(\.parentUuid)).count == 1)
    }

    @Test func `each cause has a counter that ends with its faults`() throws {
        let (known, names) = explainedFault()
        var later = known
        later.timeNs += 50_000_000
        let told = Told(try packets(names: names, .faults([known, known, later]), .lost(Lost(cpu: 3, count: 17, firstNs: 1_600_000_000, lastNs: 1_600_000_001))))
        #expect(told.counters["page cache"]?.map(\.value) == [0, 2, 3])
        #expect(told.counters["page cache"]?.map(\.timeNs) == [1_500_000_000, 1_510_000_000, 1_560_000_000])
        #expect(told.counters["lost"]?.map(\.value) == [0, 17])
        #expect(told.counters.count == 2)
    }

    @Test func `a loss and the totals are instants of the trace`() throws {
        let told = Told(try packets(.faults([fault(1)]), .lost(Lost(cpu: 3, count: 17, firstNs: 900, lastNs: 950))))
        #expect(told.ofTrace.map(\.timestamp) == [900, 1_000_000_000])
        #expect(told.ofTrace.map { told.name($0) } == ["faults lost", "end of trace"])
        #expect(told.arguments(told.ofTrace[0]) == ["count": "17", "cpu": "3"])
        #expect(told.arguments(told.ofTrace[1]) == ["events": "0", "lost": "0", "held_back": "0", "complete": "0"])
    }

    @Test func `a stack has the outermost frame first, and the kernel's frames innermost`() throws {
        let stacks = StackFixture()
        let told = Told(try packets(names: stacks.names, .faults([stacks.both, stacks.without, stacks.lost, stacks.both])))
        let both = ["[truncated]", "[unknown]", "[a b,\"c.so]", "[kernel]"]
        #expect(told.faults.map { told.stack($0) } == [both, [], ["[stack lost]", "[stack lost]"], both])
    }

    @Test func `of one in N each event bears its weight`() throws {
        let told = Told(try packets(sampleEvery: 50, .faults([fault(1)])))
        #expect(told.arguments(told.faults[0])["weight"] == "50")
    }

    @Test func `what was told is told anew when there is too much of it`() throws {
        let stacks = StackFixture()
        var format = PerfettoPackets(nameLimit: 100)
        var text = TextBuffer()
        format.begin(session(), to: &text)
        var clears = 0
        var last = stacks.both
        for number in 0..<150 {
            last.stacks.user = UInt32(number + 10)
            text.removeAll()
            format.fault(last, stacks.names, to: &text)
            let packets = try PerfettoTrace(serializedBytes: Array(text.bytes)).packet
            guard packets.contains(where: { $0.sequenceFlags == 1 }) else { continue }
            clears += 1
            #expect(Told(packets).stack(packets.last!).last == "[kernel]")
            #expect(Told(packets).name(packets.last!) == "page fault")
        }
        #expect(clears == 1)
    }
}

/// A trace as its reader understands it: numbers resolved by what was told before.
private struct Told {
    var tracks: [UInt64: PerfettoTrackDescriptor] = [:]
    var faults: [PerfettoTracePacket] = []
    var ofTrace: [PerfettoTracePacket] = []
    var counters: [String: [(timeNs: UInt64, value: Int64)]] = [:]
    private var interned = PerfettoInternedData()

    init(_ packets: [PerfettoTracePacket]) {
        for packet in packets {
            try? interned.merge(serializedBytes: packet.internedData.serializedBytes() as [UInt8])
            if packet.trackDescriptor.hasUuid { tracks[packet.trackDescriptor.uuid] = packet.trackDescriptor }
            let event = packet.trackEvent
            if event.type == .counter { counters[tracks[event.trackUuid]!.name, default: []].append((packet.timestamp, event.counterValue)) }
            guard event.type == .instant else { continue }
            if category(event) == "page_fault" { faults.append(packet) } else { ofTrace.append(packet) }
        }
    }

    private func category(_ event: PerfettoTrackEvent) -> String? { interned.eventCategories.first { [$0.iid] == event.categoryIids }?.name }

    func name(_ packet: PerfettoTracePacket) -> String? { interned.eventNames.first { $0.iid == packet.trackEvent.nameIid }?.name }

    func arguments(_ packet: PerfettoTracePacket) -> [String: String] {
        var arguments: [String: String] = [:]
        for argument in packet.trackEvent.debugAnnotations {
            let name = interned.debugAnnotationNames.first { $0.iid == argument.nameIid }?.name ?? "?"
            arguments[name] = switch argument.value {
            case .boolValue(let value): String(value)
            case .uintValue(let value): String(value)
            case .pointerValue(let value): "0x" + String(value, radix: 16)
            case .stringValueIid(let number): interned.debugAnnotationStringValues.first { $0.iid == number }?.str ?? "?"
            case nil: "nothing"
            }
        }
        return arguments
    }

    /// The functions of an event's stack.
    func stack(_ packet: PerfettoTracePacket) -> [String] {
        let stack = interned.callstacks.first { $0.iid == packet.trackEvent.callstackIid }
        return (stack?.frameIds ?? []).map { number in
            let frame = interned.frames.first { $0.iid == number }
            return interned.functionNames.first { $0.iid == frame?.functionNameID }?.str ?? "?"
        }
    }
}
