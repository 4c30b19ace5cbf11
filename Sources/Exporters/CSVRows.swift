public import FaultModel
public import TraceModel
public import WireProtocol

/// Comma-separated values (RFC 4180 quoting, lines end in LF): a heading, then one row for each fault or gap.
///
/// The columns are the session's, under their JSON names; a thread's name brings `process` along, an error code `error_kind` and
/// `flags` (joined by `|`). Then come `mapping`, `offset`, `region` of the address, and `ip_mapping`, `ip_offset`, `symbol` of the
/// instruction, and `stack` and `kernel_stack`, if they were asked for: frames joined by `;`, the leaf first. Two more end each
/// row: `event` is "fault", "lost" or "interrupted", and `count` is how many faults the row stands for, so that its sum is every fault that passed
/// the filters. Where one in N is let through that is N, but for lost ones, which are counted as they are. A "lost" row has its time,
/// its CPU and its count, an "interrupted" row the time from which on nothing is known, and no count. What is not known stays empty. There is no summary: every row has the same columns.
public struct CSVRows: LineFormat {
    private let stacks: StackKinds
    private var fields: [CSVField] = []
    private var weight: UInt32 = 1
    private var threads = FragmentCache<ThreadKey>(slots: 4096)
    private var kinds = FragmentCache<FaultKind>(slots: 64)
    private var mappings = FragmentCache<MappingKey>(slots: 4096)

    /// - Parameter stacks: which of them faults bear.
    public init(stacks: StackKinds = []) { self.stacks = stacks }

    public mutating func begin(_ session: TraceSession, to text: inout TextBuffer) {
        fields = CSVField.fields(of: session.columns, stacks)
        weight = session.sampleEvery
        for field in fields {
            text.append(text: field.heading)
            text.append(",")
        }
        text.append("event,count\n")
    }

    public mutating func fault(_ fault: PageFault, _ names: TraceNames, to text: inout TextBuffer) {
        for field in fields {
            append(field, of: fault, names, to: &text)
            text.append(UInt8(ascii: ","))
        }
        text.append("fault,")
        text.decimal(UInt64(weight))
        text.append("\n")
    }

    public mutating func lost(_ gap: Lost, to text: inout TextBuffer) {
        appendPlace(atNs: gap.firstNs, cpu: gap.cpu, to: &text)
        text.append("lost,")
        text.decimal(gap.count)
        text.append("\n")
    }

    public mutating func interrupted(_ outage: Outage, to text: inout TextBuffer) {
        appendPlace(atNs: outage.sinceNs, cpu: nil, to: &text)
        text.append("interrupted,\n")
    }

    public mutating func finish(_ summary: TraceSummary, to text: inout TextBuffer) {}

    private mutating func append(_ field: CSVField, of fault: PageFault, _ names: TraceNames, to text: inout TextBuffer) {
        switch field {
        case .time: text.decimal(fault.timeNs)
        case .cpu: text.decimal(UInt64(fault.cpu))
        case .address: text.hexadecimal(fault.address)
        case .ip: text.hexadecimal(fault.ip)
        case .latency: if let latency = fault.latencyNs { text.decimal(latency) }
        case .cause: if let cause = fault.cause { text.append(text: cause.name) }
        case .userStack: text.stackField(fault.stacks.user, names)
        case .kernelStack: text.stackField(fault.stacks.kernel, names)
        case .mapping:
            append(fault.place, names, to: &text)
            text.append(UInt8(ascii: ","))
            if fault.place.name > 0 { text.append(text: fault.place.region.name) }
        case .code:
            append(fault.code, names, to: &text)
            text.append(UInt8(ascii: ","))
            if let symbol = names.symbol(fault.code) { text.append(text: csvQuoted(symbol.text)) }
        case .thread(let columns):
            threads.append(ThreadKey(fault), to: &text) { thread, text in
                appendFields(columns, to: &text) { thread.csvField($0, names) }
            }
        case .kind(let columns):
            kinds.append(fault.kind, to: &text) { kind, text in
                appendFields(columns, to: &text) { kind.csvField($0) }
            }
        }
    }

    /// A mapping's name and how far into it.
    private mutating func append(_ place: MemoryPlace, _ names: TraceNames, to text: inout TextBuffer) {
        if place.name == 0 { return text.append(UInt8(ascii: ",")) }
        mappings.append(MappingKey(place), to: &text) { _, text in text.append(text: csvQuoted(names.mapping(place) ?? "")) }
        text.append(UInt8(ascii: ","))
        text.hexadecimal(place.offset)
    }

    /// What is no fault has hardly anything to say.
    private func appendPlace(atNs timeNs: UInt64, cpu: UInt32?, to text: inout TextBuffer) {
        for field in fields {
            append(field, atNs: timeNs, cpu: cpu, to: &text)
            text.append(UInt8(ascii: ","))
        }
    }

    private func append(_ field: CSVField, atNs timeNs: UInt64, cpu: UInt32?, to text: inout TextBuffer) {
        switch field {
        case .time: text.decimal(timeNs)
        case .cpu: if let cpu { text.decimal(UInt64(cpu)) }
        case .address, .ip, .latency, .cause, .userStack, .kernelStack: break
        case .mapping, .code: text.append(",,")
        case .thread(let columns), .kind(let columns):
            for _ in columns.dropFirst() { text.append(UInt8(ascii: ",")) }
        }
    }
}
