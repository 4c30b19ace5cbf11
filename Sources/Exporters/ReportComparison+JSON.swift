public import JSONText
import TraceModel
public import TraceReport

extension ReportComparison {
    /// Appends the comparison's members to an object.
    ///
    /// - Parameter top: how many groups are written one by one.
    public func writeMembers(top: Int, to json: inout JSONText) {
        json.key("by"); json.string(before.grouping.rawValue)
        json.key("before"); before.summary.write(to: &json)
        json.key("after"); after.summary.write(to: &json)
        json.key("weight_before"); json.integer(weights.before)
        json.key("weight_after"); json.integer(weights.after)
        json.key("group_count"); json.integer(UInt64(rows.count))
        json.key("groups")
        json.array(Array(rows.prefix(top))) { row, json in row.write(to: &json) }
    }
}

extension ReportComparison.Row {
    fileprivate func write(to json: inout JSONText) {
        json.beginObject()
        json.key("name"); json.string(name)
        json.key("events_before"); json.integer(before)
        json.key("events_after"); json.integer(after)
        json.key("change"); json.integer(change)
        json.key("fault_time_ns_before"); json.integer(latencyNsBefore)
        json.key("fault_time_ns_after"); json.integer(latencyNsAfter)
        json.endObject()
    }
}
