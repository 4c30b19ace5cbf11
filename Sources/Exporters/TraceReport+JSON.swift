import FaultModel
public import JSONText
import TraceModel
public import TraceReport

extension TraceReport {
    /// Appends the report's members to an object.
    ///
    /// - Parameter top: how many groups are written one by one.
    public func writeMembers(top: Int, to json: inout JSONText) {
        json.key("by"); json.string(grouping.rawValue)
        json.key("summary"); summary.write(to: &json)
        json.key("groups")
        json.array(Array(groups.prefix(top))) { group, json in group.write(summary.session.columns, to: &json) }
        json.key("group_count"); json.integer(UInt64(groups.count))
        json.key("other_events"); json.integer(groups.prefix(top).reduce(summary.events) { $0 - min($0, $1.sum.events) })
        json.key("latency"); latencies.write(to: &json)
        json.key("by_outcome_latency")
        json.array(outcomes) { group, json in
            json.beginObject()
            json.key("outcome"); json.string(group.outcome?.name)
            json.key("latency"); (group.sum.latencies ?? Latencies()).write(to: &json)
            json.endObject()
        }
        json.key("files")
        json.array(files) { file, json in file.write(to: &json) }
        json.key("pages")
        json.array(pages) { page, json in page.write(error: pageError, to: &json) }
        json.key("timeline"); timeline.write(to: &json)
    }
}

extension Latencies {
    private static let percentiles: [(key: StaticString, percent: Double)] = [
        ("p50_ns", 50), ("p90_ns", 90), ("p99_ns", 99), ("p999_ns", 99.9),
    ]

    /// null where no fault's latency is known.
    fileprivate func write(to json: inout JSONText) {
        if count == 0 { return json.null() }
        json.beginObject()
        json.key("count"); json.integer(count)
        for (key, percent) in Self.percentiles { json.key(key); json.integer(percentile(percent)) }
        json.key("max_ns"); json.integer(longestNs)
        json.endObject()
    }
}

extension TraceReport.Group {
    func write(_ columns: [Column], to json: inout JSONText) {
        func told(_ column: Column, _ value: UInt64, _ json: inout JSONText) { json.optional(columns.contains(column) ? value : nil) }
        json.beginObject()
        json.key("name"); json.string(name)
        if let pid { json.key("pid"); json.integer(UInt64(pid)) }
        if let tid { json.key("tid"); json.integer(UInt64(tid)) }
        json.key("events"); json.integer(sum.events)
        json.key("user"); told(.mode, sum.user, &json)
        json.key("kernel"); told(.mode, sum.kernel, &json)
        json.key("read"); told(.access, sum.read, &json)
        json.key("write"); told(.access, sum.write, &json)
        json.key("execute"); told(.access, sum.execute, &json)
        json.key("minor"); told(.outcome, sum.minor, &json)
        json.key("major"); told(.outcome, sum.major, &json)
        json.key("failed"); told(.outcome, sum.failed, &json)
        json.key("fault_time_ns"); told(.latency, sum.latencyNs, &json)
        json.key("latency"); (sum.latencies ?? Latencies()).write(to: &json)
        json.endObject()
    }
}

extension FileFaults {
    func write(to json: inout JSONText) {
        json.beginObject()
        json.key("name"); json.string(name)
        json.key("events"); json.integer(events)
        json.key("major"); json.integer(major)
        json.key("fault_time_ns"); json.integer(latencyNs)
        json.endObject()
    }
}

extension PageFaults {
    fileprivate func write(error: UInt64, to json: inout JSONText) {
        json.beginObject()
        switch place {
        case .file(let name, let offset):
            json.key("mapping"); json.string(name)
            json.key("offset"); json.hexadecimal(offset)
        case .memory(let pid, let address):
            json.key("pid"); json.integer(UInt64(pid))
            json.key("address"); json.hexadecimal(address)
        }
        json.key("events"); json.integer(events)
        json.key("events_at_most"); json.integer(events.addingOrMax(error))
        json.endObject()
    }
}

extension Timeline {
    fileprivate func write(to json: inout JSONText) {
        json.beginObject()
        json.key("start_ns"); json.integer(startNs)
        json.key("step_ns"); json.integer(stepNs)
        json.key("events")
        json.array(steps) { events, json in json.integer(events) }
        json.endObject()
    }
}
