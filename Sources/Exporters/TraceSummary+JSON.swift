import FaultModel
public import JSONText
public import TraceModel
import WireProtocol

extension TraceSummary {
    /// Processes that the summary names; the statistics know more.
    static var processesShown: Int { 20 }

    /// Appends the summary as one JSON object.
    public func write(to json: inout JSONText) {
        json.beginObject()
        writeTotals(to: &json)
        writeEnding(to: &json)
        writeGroups(to: &json)
        json.endObject()
    }

    private func writeTotals(to json: inout JSONText) {
        json.key("events"); json.integer(events)
        json.key("lost"); json.integer(lost)
        json.key("held_back"); json.integer(heldBack)
        json.key("sample"); json.integer(UInt64(session.sampleEvery))
        json.key("duration_ns"); json.integer(durationNs)
        json.key("source"); json.string(session.source.name)
        json.key("transport"); json.string(session.transport.name)
        json.key("columns"); json.strings(session.columns.map(\.name))
        json.key("missing")
        json.array(session.missing) { gap, json in gap.write(to: &json) }
        json.key("rate_per_second"); json.rate(ratePerSecond)
    }

    private func writeEnding(to json: inout JSONText) {
        json.key("complete"); json.bool(cut == nil)
        json.key("reason"); json.string(bye?.reason.name)
        json.key("gaps"); json.integer(statistics.losses.gapCount)
        json.key("interruptions"); json.integer(UInt64(outages.count))
        json.key("interrupted_ns"); json.integer(unknownNs)
        json.key("stacks_lost"); json.integer(bye?.stacksLost ?? 0)
        json.key("command")
        if let command { command.write(to: &json) } else { json.null() }
        json.key("agent")
        if let agent { agent.write(to: &json) } else { json.null() }
    }

    private func writeGroups(to json: inout JSONText) {
        json.key("process_count"); json.integer(UInt64(statistics.processCount))
        let shown = statistics.processes(top: Self.processesShown)
        json.key("by_process")
        json.array(shown) { faults, json in faults.write(process(faults), overNs: durationNs, cpu, to: &json) }
        json.key("other_process_events"); json.integer(shown.reduce(events) { $0 - min($0, $1.counts.events) })
        json.key("by_kind")
        json.array(statistics.byKind) { kind, json in kind.write(to: &json) }
        json.key("by_outcome")
        json.array(statistics.byOutcome) { group, json in group.write(to: &json) }
        json.key("by_cause")
        json.array(statistics.byCause) { group, json in group.write(to: &json) }
        json.key("by_flag")
        json.array(statistics.byFlag) { flag, json in flag.write(to: &json) }
    }
}

// MARK: - Parts

extension CommandEnded {
    func write(to json: inout JSONText) {
        json.beginObject()
        json.key("status"); json.integer(UInt64(status))
        json.key("minor_faults"); json.integer(minorFaults)
        json.key("major_faults"); json.integer(majorFaults)
        json.endObject()
    }
}

extension Stats {
    fileprivate func write(to json: inout JSONText) {
        json.beginObject()
        json.key("cpu_time_ns"); json.integer(cpuTimeNs)
        json.key("resident_bytes"); json.integer(residentBytes)
        json.key("bytes_sent"); json.integer(bytesSent)
        json.endObject()
    }
}

extension ProcessFaults {
    fileprivate func write(_ process: TracedProcess?, overNs durationNs: UInt64, _ cpu: CPULedger, to json: inout JSONText) {
        json.beginObject()
        json.key("pid"); json.integer(UInt64(pid))
        json.key("comm"); json.string(comm.text)
        (process ?? TracedProcess()).write(to: &json)
        json.key("events"); json.integer(counts.events)
        json.key("user"); json.integer(counts.user)
        json.key("kernel"); json.integer(counts.kernel)
        json.key("read"); json.integer(counts.read)
        json.key("write"); json.integer(counts.write)
        json.key("execute"); json.integer(counts.execute)
        json.key("first_ns"); json.integer(counts.firstNs)
        json.key("last_ns"); json.integer(counts.lastNs)
        json.key("rate_per_second"); json.rate(ratePerSecond(overNs: durationNs))
        json.key("minor_fault_time_ns"); json.integer(minorLatencyNs)
        json.key("cpu_time_ns"); json.optional(cpu.time(of: pid))
        json.key("cpu_time_is_lower_bound"); json.bool(cpu.isLowerBound(pid))
        json.endObject()
    }
}

extension TracedProcess {
    /// The members that tell what a process is; null where that is not known.
    fileprivate func write(to json: inout JSONText) {
        json.key("process"); json.string(name.known)
        json.key("package"); json.string(package.known)
        json.key("command_line"); json.string(commandLine.known)
        json.key("executable"); json.string(executable.known)
        json.key("parent"); json.known(UInt64(parent))
        json.key("born_ns"); json.known(bornNs)
        json.key("ended_ns"); json.known(endedNs ?? 0)
    }
}

extension String {
    /// nil where there is nothing.
    fileprivate var known: String? { isEmpty ? nil : self }
}

extension KindFaults {
    fileprivate func write(to json: inout JSONText) {
        json.beginObject()
        json.key("mode"); json.string(mode?.name)
        json.key("access"); json.string(access?.name)
        json.key("present"); json.bool(present)
        json.key("events"); json.integer(events)
        json.endObject()
    }
}

extension OutcomeFaults {
    fileprivate func write(to json: inout JSONText) {
        json.beginObject()
        json.key("outcome"); json.string(outcome?.name)
        sum.write(to: &json)
        json.endObject()
    }
}

extension CauseFaults {
    fileprivate func write(to json: inout JSONText) {
        json.beginObject()
        json.key("cause"); json.string(cause?.name)
        sum.write(to: &json)
        json.endObject()
    }
}

extension TimedCount {
    fileprivate func write(to json: inout JSONText) {
        json.key("events"); json.integer(events)
        json.key("latency_ns")
        if timed > 0 { json.integer(latencyNs) } else { json.null() }
    }
}

extension FlagFaults {
    fileprivate func write(to json: inout JSONText) {
        json.beginObject()
        json.key("kind"); json.string(codeKind)
        json.key("flag"); json.string(name)
        json.key("events"); json.integer(events)
        json.endObject()
    }
}

extension Bye.Reason {
    /// The JSON's name of the reason.
    var name: String {
        switch self {
        case .stopped: "stopped"
        case .limitReached: "limit_reached"
        case .commandEnded: "command_ended"
        case .signalled: "signalled"
        }
    }
}

extension JSONText {
    mutating func array<Element>(_ elements: [Element], _ write: (Element, inout JSONText) -> Void) {
        beginArray()
        for element in elements { write(element, &self) }
        endArray()
    }

    /// A number of which zero says that it is not known.
    fileprivate mutating func known(_ value: UInt64) { optional(value == 0 ? nil : value) }

    mutating func optional(_ value: UInt64?) {
        if let value { integer(value) } else { null() }
    }

    /// A rate in whole events a second.
    fileprivate mutating func rate(_ perSecond: Double) {
        integer(UInt64(min(perSecond + 0.5, 1e18)))
    }
}
