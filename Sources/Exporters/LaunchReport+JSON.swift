import FaultModel
public import JSONText
import TraceModel
public import TraceReport

extension LaunchReport {
    private static let columnLimit = 100

    /// Appends the report as one JSON object. Times from the start on are in nanoseconds, and negative before it.
    public func write(to json: inout JSONText) {
        json.beginObject()
        writeLaunch(to: &json)
        json.key("before_start"); before.writeObject(to: &json)
        json.key("until_displayed")
        if let untilDisplayed { untilDisplayed.writeObject(to: &json) } else { json.null() }
        json.key("after"); after.writeObject(to: &json)
        writeGroups("by_cause", faults.byCause, to: &json)
        writeGroups("by_region", faults.byRegion, to: &json)
        json.key("files")
        json.array(faults.byCause.files) { file, json in file.write(to: &json) }
        json.key("worst")
        json.array(faults.worst) { fault, json in write(fault, to: &json) }
        json.key("storage_reads")
        json.array(faults.reads) { file, json in write(file, to: &json) }
        json.key("other_storage_reads"); json.integer(faults.otherReads)
        json.key("timeline"); writeTimeline(to: &json)
        json.key("summary"); faults.summary.write(to: &json)
        json.endObject()
    }

    private func writeLaunch(to json: inout JSONText) {
        json.key("package"); json.string(launch.package)
        json.key("activity"); json.string(launch.activity)
        json.key("cold"); json.bool(launch.isCold)
        json.key("launch_state"); json.string(launch.state)
        json.key("start_ns"); json.integer(launch.startNs)
        json.key("displayed_after_ns"); json.optional(launch.displayedAfterNs)
        json.key("waited_ns"); json.optional(launch.waitedNs)
    }

    private func writeGroups(_ key: StaticString, _ report: TraceReport, to json: inout JSONText) {
        json.key(key)
        json.array(report.groups) { group, json in group.write(report.summary.session.columns, to: &json) }
    }

    private func write(_ fault: PageFault, to json: inout JSONText) {
        let names = faults.summary.names
        json.beginObject()
        json.key("since_start_ns"); json.integer(launch.sinceStart(fault.timeNs))
        json.key("latency_ns"); json.optional(fault.latencyNs)
        json.key("pid"); json.integer(UInt64(fault.thread.pid))
        json.key("tid"); json.integer(UInt64(fault.thread.tid))
        json.key("comm"); json.string(fault.thread.comm.text)
        json.key("cause"); json.string(fault.cause?.name)
        json.key("region"); json.string(fault.place.region.name)
        json.key("address"); json.hexadecimal(fault.address)
        json.key("mapping"); json.string(names.mapping(fault.place))
        json.key("offset"); json.hexadecimal(fault.place.offset)
        json.key("ip_mapping"); json.string(names.mapping(fault.code))
        json.key("ip_offset"); json.hexadecimal(fault.code.offset)
        json.key("symbol"); json.string(names.symbol(fault.code)?.name)
        json.endObject()
    }

    private func write(_ file: FileReads, to json: inout JSONText) {
        json.beginObject()
        json.key("file"); json.string(file.name)
        json.key("events"); json.integer(file.faults)
        json.key("fault_time_ns"); json.integer(file.latencyNs)
        json.key("ranges")
        json.array(file.ranges) { range, json in
            json.beginObject()
            json.key("offset"); json.integer(range.offset)
            json.key("length"); json.integer(range.end - range.offset)
            json.key("events"); json.integer(range.faults)
            json.key("fault_time_ns"); json.integer(range.latencyNs)
            json.key("first_since_start_ns"); json.integer(launch.sinceStart(range.firstNs))
            json.endObject()
        }
        json.endObject()
    }

    private func writeTimeline(to json: inout JSONText) {
        let (lengthNs, columns) = columns(limit: Self.columnLimit)
        json.beginObject()
        json.key("step_ns"); json.integer(lengthNs)
        json.key("events")
        json.array(columns) { column, json in json.integer(column.events) }
        json.key("fault_time_ns")
        json.array(columns) { column, json in json.integer(column.latencyNs) }
        json.endObject()
    }
}

extension TimedCount {
    fileprivate func writeObject(to json: inout JSONText) {
        json.beginObject()
        json.key("events"); json.integer(events)
        json.key("fault_time_ns"); json.optional(timed > 0 ? latencyNs : nil)
        json.endObject()
    }
}
