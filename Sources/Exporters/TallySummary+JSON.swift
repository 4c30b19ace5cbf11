import FaultModel
public import JSONText
public import TraceModel
import WireProtocol

extension TallySummary {
    /// Appends one JSON object.
    ///
    /// - Parameter top: how many groups it has at the most, those with the most faults.
    public func write(top: Int, to json: inout JSONText) {
        json.beginObject()
        writeHead(to: &json)
        let shown = tally.groups(top: top)
        json.key("rows")
        json.beginArray()
        for group in shown { write(group, to: &json) }
        json.endArray()
        json.key("other_faults"); json.integer(shown.reduce(tally.total.faults) { $0 - min($0, $1.counts.faults) })
        json.key("histogram"); tally.total.histogram.write(to: &json)
        json.key("total")
        json.beginObject()
        write(tally.total, to: &json)
        json.key("cpu_time_ns"); json.optional(cpu.total)
        json.endObject()
        if bye != nil || command != nil { writeEnding(to: &json) }
        json.endObject()
    }

    private func writeHead(to json: inout JSONText) {
        json.key("by"); json.string(grouping.rawValue)
        json.key("time_ns"); json.integer(untilNs)
        json.key("duration_ns"); json.integer(durationNs)
        json.key("source"); json.string(session.source.name)
        json.key("transport"); json.string(session.transport.name)
        json.key("counted_in"); json.string(isCountedInKernel ? "kernel" : "controller")
        json.key("sample"); json.integer(weight)
        json.key("lost"); json.integer(lost)
    }

    private func writeEnding(to json: inout JSONText) {
        json.key("held_back"); json.integer(heldBack)
        json.key("complete"); json.bool(cut == nil)
        json.key("command")
        if let command { command.write(to: &json) } else { json.null() }
    }

    private func write(_ group: FaultTally.Group, to json: inout JSONText) {
        json.beginObject()
        if let pid = group.id.pid { json.key("pid"); json.integer(UInt64(pid)) }
        if let tid = group.id.tid { json.key("tid"); json.integer(UInt64(tid)) }
        json.key("name"); json.string(group.name)
        write(group.counts, to: &json)
        if case .process(let pid) = group.id {
            json.key("cpu_time_ns"); json.optional(cpu.time(of: pid))
            json.key("cpu_time_is_lower_bound"); json.bool(cpu.isLowerBound(pid))
        }
        json.key("histogram"); group.counts.histogram.write(to: &json)
        json.endObject()
    }

    private func write(_ counts: TallyCounts, to json: inout JSONText) {
        json.key("faults"); json.integer(counts.faults)
        json.key("user"); json.integer(counts.user)
        json.key("kernel"); json.integer(counts.kernel)
        let told = session.columns
        json.key("read"); json.optional(told.contains(.access) ? counts.read : nil)
        json.key("write"); json.optional(told.contains(.access) ? counts.write : nil)
        json.key("execute"); json.optional(told.contains(.access) ? counts.execute : nil)
        json.key("minor"); json.optional(told.contains(.outcome) ? counts.minor : nil)
        json.key("major"); json.optional(told.contains(.outcome) ? counts.major : nil)
        json.key("failed"); json.optional(told.contains(.outcome) ? counts.failed : nil)
        json.key("fault_time_ns"); json.optional(told.contains(.latency) ? counts.latencyNs : nil)
        json.key("minor_fault_time_ns"); json.optional(told.contains(.latency) ? counts.minorLatencyNs : nil)
    }
}

extension LatencyHistogram {
    fileprivate func write(to json: inout JSONText) {
        json.beginArray()
        for bar in bars {
            json.beginObject()
            json.key("from_ns"); json.integer(bar.fromNs)
            json.key("to_ns"); json.integer(bar.toNs)
            json.key("faults"); json.integer(bar.faults)
            json.endObject()
        }
        json.endArray()
    }
}
