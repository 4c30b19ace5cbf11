public import FaultModel
import JSONText
public import TraceModel
public import WireProtocol

/// JSON lines: an object for each fault, one for each gap, and the summary at the end.
///
/// Where faults are sampled each bears its `weight`, which is how many it stands for.
///
/// What repeats is written once: a thread's ids and names, a kind's traits and flags, and mappings' names, with everything around them.
public struct JSONLines: LineFormat {
    private var threads = FragmentCache<ThreadKey>(slots: 4096)
    private var kinds = FragmentCache<FaultKind>(slots: 64)
    private var mappings = FragmentCache<MappingKey>(slots: 4096)
    /// How many faults an event stands for.
    private var weight: UInt32 = 1

    private let stacks: StackKinds

    /// - Parameter stacks: which of them faults bear.
    public init(stacks: StackKinds = []) { self.stacks = stacks }

    public mutating func begin(_ session: TraceSession, to text: inout TextBuffer) { weight = session.sampleEvery }

    public mutating func fault(_ fault: PageFault, _ names: TraceNames, to text: inout TextBuffer) {
        text.append(#"{"time_ns":"#)
        text.decimal(fault.timeNs)
        text.append(#","cpu":"#)
        text.decimal(UInt64(fault.cpu))
        text.append(",")
        threads.append(ThreadKey(fault), to: &text) { renderThread($0, names, to: &$1) }
        text.append(#","address":""#)
        text.hexadecimal(fault.address)
        text.append(#"","ip":""#)
        text.hexadecimal(fault.ip)
        text.append(#"","#)
        kinds.append(fault.kind, to: &text, render: renderKind)
        text.append(#","latency_ns":"#)
        if let latency = fault.latencyNs { text.decimal(latency) } else { text.append("null") }
        text.append(#","cause":"#)
        if let cause = fault.cause { text.quoted(cause.name) } else { text.append("null") }
        text.append(#","mapping":"#)
        append(mappingOf: fault.place, names, to: &text)
        text.append(#","ip_mapping":"#)
        append(codeOf: fault.code, names, to: &text)
        if !stacks.isEmpty { appendStacks(fault.stacks, names, to: &text) }
        if weight != 1 {
            text.append(#","weight":"#)
            text.decimal(UInt64(weight))
        }
        text.append("}\n")
    }

    private func appendStacks(_ numbers: FaultStacks, _ names: TraceNames, to text: inout TextBuffer) {
        var json = JSONText()
        if stacks.contains(.user) { json.stack("stack", "stack_truncated", numbers.user, names) }
        if stacks.contains(.kernel) { json.stack("kernel_stack", "kernel_stack_truncated", numbers.kernel, names) }
        text.append(",")
        text.append(json.bytes)
    }

    private mutating func append(mappingOf place: MemoryPlace, _ names: TraceNames, to text: inout TextBuffer) {
        if place.name == 0 { return text.append("null") }
        append(placeOf: place, names, to: &text)
        text.append(#","region":"#)
        text.quoted(place.region.name)
        text.append("}")
    }

    private mutating func append(codeOf place: MemoryPlace, _ names: TraceNames, to text: inout TextBuffer) {
        if place.name == 0 { return text.append("null") }
        append(placeOf: place, names, to: &text)
        guard let symbol = names.symbol(place) else { return text.append(#","symbol":null}"#) }
        var json = JSONText()
        json.string(symbol.name)
        text.append(#","symbol":"#)
        text.append(json.bytes)
        text.append(#","symbol_offset":""#)
        text.hexadecimal(symbol.offset)
        text.append(#""}"#)
    }

    /// The members that both have; the object stays open.
    private mutating func append(placeOf place: MemoryPlace, _ names: TraceNames, to text: inout TextBuffer) {
        mappings.append(MappingKey(place), to: &text) { _, text in
            var json = JSONText()
            json.beginObject()
            json.key("name"); json.string(names.mapping(place))
            text.append(json.bytes)
        }
        text.append(#","offset":""#)
        text.hexadecimal(place.offset)
        text.append(#"""#)
    }

    public mutating func lost(_ gap: Lost, to text: inout TextBuffer) {
        text.append(#"{"lost":{"count":"#)
        text.decimal(gap.count)
        text.append(#","time_ns":"#)
        text.decimal(gap.firstNs)
        text.append("}}\n")
    }

    public mutating func interrupted(_ outage: Outage, to text: inout TextBuffer) {
        var json = JSONText()
        json.beginObject()
        json.key("interrupted")
        json.beginObject()
        json.key("since_ns"); json.integer(outage.sinceNs)
        json.key("until_ns"); json.integer(outage.untilNs)
        json.key("reason"); json.string(outage.reason)
        json.endObject()
        json.endObject()
        json.newline()
        text.append(json.bytes)
    }

    public mutating func finish(_ summary: TraceSummary, to text: inout TextBuffer) {
        var json = JSONText()
        json.beginObject()
        json.key("summary")
        summary.write(to: &json)
        json.endObject()
        json.newline()
        text.append(json.bytes)
    }
}

/// The members that a thread gives.
private func renderThread(_ key: ThreadKey, _ names: TraceNames, to text: inout TextBuffer) {
    let thread = key.thread
    var json = JSONText()
    json.key("pid"); json.integer(UInt64(thread.pid))
    json.key("tid"); json.integer(UInt64(thread.tid))
    json.key("uid"); json.integer(UInt64(thread.uid))
    json.key("comm"); json.string(thread.comm.text)
    json.key("process"); json.string(names.processName(key))
    text.append(json.bytes)
}

/// The members that a kind gives.
private func renderKind(_ kind: FaultKind, to text: inout TextBuffer) {
    var json = JSONText()
    json.key("mode"); json.string(kind.traits.mode?.name)
    json.key("access"); json.string(kind.traits.access?.name)
    json.key("present"); json.bool(kind.traits.present)
    json.key("error_code"); json.errorCode(kind.errorCode)
    json.key("flags"); json.flags(kind.errorCode)
    json.key("outcome"); json.string(kind.traits.outcome?.name)
    text.append(json.bytes)
}

extension TextBuffer {
    /// A word that needs no escapes.
    fileprivate mutating func quoted(_ word: String) {
        append(UInt8(ascii: "\""))
        append(text: word)
        append(UInt8(ascii: "\""))
    }
}

extension JSONText {
    fileprivate mutating func errorCode(_ code: ErrorCode?) {
        guard let code else { return null() }
        beginObject()
        key("kind"); string(code.kindName)
        key("value"); hexadecimal(code.value)
        endObject()
    }

    fileprivate mutating func flags(_ code: ErrorCode?) {
        guard let code else { return null() }
        strings(code.flags)
    }
}
