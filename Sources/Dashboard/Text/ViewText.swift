import FaultModel
import JSONText
import LiveModel
import TraceModel
import WireProtocol

/// A view as the page's scripts read it.
struct ViewText {
    var json = JSONText()

    var bytes: [UInt8] { json.bytes }

    init(_ traces: [LiveTrace], _ question: Question) {
        let view = traces[question.device].view(question.query)
        json.beginObject()
        json.key("devices"); json.strings(traces.map(\.label))
        json.key("device"); json.string(traces[question.device].label)
        write(view.connection)
        write(view)
        json.endObject()
    }

    // MARK: Head

    private mutating func write(_ connection: LiveConnection) {
        let (state, reason) = switch connection {
        case .live: ("live", "")
        case .waiting(let reason): ("waiting", reason)
        case .ended(let missing): ("ended", missing ?? "")
        }
        json.key("state"); json.string(state)
        json.key("reason"); json.string(reason)
    }

    private mutating func write(_ view: LiveView) {
        json.key("began_ms"); json.integer(view.beganNs / 1_000_000)
        json.key("now_ns"); json.integer(view.nowNs)
        json.key("events"); json.integer(view.events)
        json.key("lost"); json.integer(view.lost)
        json.key("gaps"); json.integer(view.gaps)
        json.key("outages")
        array(view.outages) { text, times in
            text.object {
                $0.json.key("since_ns"); $0.json.integer(times.lowerBound)
                $0.json.key("until_ns"); $0.json.integer(times.upperBound)
            }
        }
        json.key("held_back"); json.integer(view.heldBack)
        json.key("session"); write(view.session)
        json.key("agent"); write(view.agent)
        json.key("process"); if let process = view.process { write(process) } else { json.null() }
        writeTimes(view)
        writeShares(view)
        writeRows(view)
        json.key("has_stacks"); json.bool(view.hasWholeStacks)
        json.key("stacks"); write(view.stacks)
        json.key("newest"); array(view.newest) { $0.write($1) }
    }

    private mutating func write(_ session: TraceSession?) {
        guard let session else { return json.null() }
        json.beginObject()
        json.key("kernel"); json.string(session.report.kernel.release)
        json.key("arch"); json.string(session.report.kernel.arch)
        json.key("page_size"); json.integer(UInt64(session.report.kernel.pageSize))
        json.key("selinux"); json.string(session.report.selinux.mode.name)
        json.key("cpus"); json.integer(UInt64(session.cpuCount))
        json.key("agent_version"); json.string(session.agentVersion)
        json.key("source"); json.string(session.source.name)
        json.key("transport"); json.string(session.transport.name)
        json.key("buffer"); json.integer(session.bufferSize)
        json.key("sample"); json.integer(UInt64(session.sampleEvery))
        json.key("columns"); json.strings(session.columns.map(\.name))
        json.key("missing"); array(session.missing) { $1.write(to: &$0.json) }
        json.key("preflight"); if session.report.checks.isEmpty { json.null() } else { session.report.write(to: &json) }
        json.endObject()
    }

    private mutating func write(_ agent: Stats?) {
        guard let agent else { return json.null() }
        json.beginObject()
        json.key("cpu_ns"); json.integer(agent.cpuTimeNs)
        json.key("resident_bytes"); json.integer(agent.residentBytes)
        json.key("events"); json.integer(agent.events)
        json.key("bytes_sent"); json.integer(agent.bytesSent)
        json.endObject()
    }

    // MARK: Over time

    private mutating func writeTimes(_ view: LiveView) {
        json.key("columns")
        json.beginObject()
        json.key("start_ns"); json.integer(view.columns.startNs)
        json.key("width_ns"); json.integer(view.columns.widthNs)
        json.key("count"); json.integer(UInt64(view.columns.count))
        json.endObject()
        json.key("timeline")
        array(view.timeline) { text, line in
            text.json.beginObject()
            text.json.key("cause"); text.json.string(line.value?.name ?? "unknown")
            text.json.key("events"); text.numbers(line.events)
            text.json.endObject()
        }
        json.key("lost_over_time"); numbers(view.lostOverTime)
        json.key("latency")
        array(Array(view.latency.enumerated().dropFirst())) { text, row in
            text.json.beginObject()
            text.json.key("until_ns"); text.json.integer(LatencyStep.endNs(row.offset))
            text.json.key("events"); text.numbers(row.element.contains { $0 > 0 } ? row.element : [])
            text.json.endObject()
        }
    }

    // MARK: Pieces

    mutating func write(_ process: LiveProcess) { object { $0.members(process) } }

    mutating func members(_ process: LiveProcess) {
        json.key("pid"); json.integer(UInt64(process.pid))
        json.key("name"); json.string(process.name)
        json.key("package"); json.string(process.package)
    }

    mutating func members(_ sum: LiveView.Sum) {
        json.key("events"); json.integer(sum.events)
        json.key("major"); json.integer(sum.major)
        json.key("time_ns"); json.integer(sum.latencyNs)
    }

    mutating func object(_ members: (inout ViewText) -> Void) {
        json.beginObject()
        members(&self)
        json.endObject()
    }

    mutating func array<Element>(_ list: [Element], _ write: (inout ViewText, Element) -> Void) {
        json.beginArray()
        for element in list { write(&self, element) }
        json.endArray()
    }

    mutating func numbers(_ list: [UInt64]) { array(list) { $0.json.integer($1) } }
}
