import FaultModel
import JSONText
import LiveModel

extension ViewText {
    mutating func writeShares(_ view: LiveView) {
        json.key("sum"); object { $0.members(view.sum) }
        json.key("by_cause"); shares(view.byCause, \.name)
        json.key("by_outcome"); shares(view.byOutcome, \.name)
        json.key("by_access"); shares(view.byAccess, \.name)
        json.key("by_mode"); shares(view.byMode, \.name)
    }

    private mutating func shares<Value>(_ list: [LiveView.Share<Value>], _ name: (Value) -> String) {
        array(list) { text, share in
            text.json.beginObject()
            text.json.key("name"); text.json.string(share.value.map(name) ?? "unknown")
            text.members(share.sum)
            text.json.endObject()
        }
    }

    // MARK: Rows

    mutating func writeRows(_ view: LiveView) {
        json.key("processes")
        array(view.processes) { text, row in
            text.json.beginObject()
            text.json.key("id"); text.json.integer(UInt64(row.place))
            text.members(row.process)
            text.members(row.sum)
            text.json.endObject()
        }
        json.key("other_processes"); object { $0.members(view.otherProcesses) }
        json.key("threads")
        array(view.threads) { text, row in
            text.json.beginObject()
            text.json.key("tid"); text.json.integer(UInt64(row.thread.tid))
            text.json.key("thread"); text.json.string(row.thread.comm.text)
            text.members(row.process)
            text.members(row.sum)
            text.json.endObject()
        }
        json.key("mappings")
        array(view.mappings) { text, row in
            text.json.beginObject()
            text.json.key("name"); text.json.string(row.name)
            text.json.key("region"); text.json.string(row.region == .unknown ? nil : row.region.name)
            text.members(row.sum)
            text.json.key("columns"); text.numbers(row.columns)
            text.json.endObject()
        }
    }

    mutating func write(_ node: LiveView.StackNode) {
        json.beginObject()
        json.key("name"); json.string(node.label)
        json.key("events"); json.integer(node.sum.events)
        json.key("time_ns"); json.integer(node.sum.latencyNs)
        if !node.children.isEmpty { json.key("children"); array(node.children) { $0.write($1) } }
        json.endObject()
    }

    mutating func write(_ row: LiveView.NewestRow) {
        let (fault, traits) = (row.fault, row.fault.kind.traits)
        json.beginObject()
        json.key("time_ns"); json.integer(row.timeNs)
        json.key("process"); json.string(row.process)
        json.key("pid"); json.integer(UInt64(fault.thread.pid))
        json.key("tid"); json.integer(UInt64(fault.thread.tid))
        json.key("thread"); json.string(fault.thread.comm.text)
        json.key("access"); json.string(traits.access?.name)
        json.key("outcome"); json.string(traits.outcome?.name)
        json.key("cause"); json.string(fault.cause?.name)
        json.key("latency_ns"); if let latencyNs = fault.latencyNs { json.integer(latencyNs) } else { json.null() }
        json.key("address"); json.hexadecimal(fault.address)
        json.key("mapping"); json.string(row.mapping)
        json.key("offset"); json.hexadecimal(fault.place.offset)
        json.key("region"); json.string(fault.place.region == .unknown ? nil : fault.place.region.name)
        json.key("function"); json.string(row.function)
        json.endObject()
    }
}
