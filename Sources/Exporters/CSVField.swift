import FaultModel
import TraceModel

/// A part of a row. Neighbouring columns that depend on the thread alone, or on the kind alone, are one field, because
/// their text is remembered as one.
enum CSVField: Equatable, Sendable {
    case time, cpu, address, ip, latency, cause
    /// Three columns each, which are always there.
    case mapping, code
    case userStack, kernelStack
    case thread([CSVColumn])
    case kind([CSVColumn])

    /// The fields that the columns of a session make, and the stacks that were asked for.
    static func fields(of columns: [Column], _ stacks: StackKinds) -> [CSVField] {
        var fields: [CSVField] = []
        for column in columns { fields.add(column) }
        fields += [.mapping, .code]
        if stacks.contains(.user) { fields.append(.userStack) }
        if stacks.contains(.kernel) { fields.append(.kernelStack) }
        return fields
    }

    var heading: String {
        switch self {
        case .time: Column.time.name
        case .cpu: Column.cpu.name
        case .address: Column.address.name
        case .ip: Column.ip.name
        case .latency: Column.latency.name
        case .cause: Column.cause.name
        case .userStack: "stack"
        case .kernelStack: "kernel_stack"
        case .mapping: "mapping,offset,region"
        case .code: "ip_mapping,ip_offset,symbol"
        case .thread(let columns), .kind(let columns): columns.map(\.rawValue).joined(separator: ",")
        }
    }
}

/// A column whose text is remembered; the raw value is its heading.
enum CSVColumn: String, Sendable {
    case pid, tid, uid, comm, process
    case mode, access, present, outcome
    case errorKind = "error_kind"
    case errorCode = "error_code"
    case flags
}

extension [CSVField] {
    fileprivate mutating func add(_ column: Column) {
        switch column {
        case .time: append(.time)
        case .cpu: append(.cpu)
        case .address: append(.address)
        case .ip: append(.ip)
        case .pid: addToThread(.pid)
        case .tid: addToThread(.tid)
        case .uid: addToThread(.uid)
        case .comm:
            addToThread(.comm)
            addToThread(.process)
        case .mode: addToKind([.mode])
        case .access: addToKind([.access])
        case .present: addToKind([.present])
        case .errorCode: addToKind([.errorKind, .errorCode, .flags])
        case .outcome: addToKind([.outcome])
        case .latency: append(.latency)
        case .cause: append(.cause)
        }
    }

    private mutating func addToThread(_ column: CSVColumn) {
        guard case .thread(let columns)? = last else { return append(.thread([column])) }
        self[count - 1] = .thread(columns + [column])
    }

    private mutating func addToKind(_ more: [CSVColumn]) {
        guard case .kind(let columns)? = last else { return append(.kind(more)) }
        self[count - 1] = .kind(columns + more)
    }
}

// MARK: - Values

extension ThreadKey {
    func csvField(_ column: CSVColumn, _ names: TraceNames) -> String {
        switch column {
        case .pid: String(thread.pid)
        case .tid: String(thread.tid)
        case .uid: String(thread.uid)
        case .comm: csvQuoted(thread.comm.text)
        case .process: csvQuoted(names.processName(self))
        default: ""
        }
    }
}

extension FaultKind {
    func csvField(_ column: CSVColumn) -> String {
        switch column {
        case .mode: traits.mode?.name ?? ""
        case .access: traits.access?.name ?? ""
        case .present: traits.present.map(String.init) ?? ""
        case .outcome: traits.outcome?.name ?? ""
        case .errorKind: errorCode?.kindName ?? ""
        case .errorCode: errorCode.map { "0x" + String($0.value, radix: 16) } ?? ""
        case .flags: errorCode?.flags.joined(separator: "|") ?? ""
        default: ""
        }
    }
}

/// Adds the columns' values with commas between them.
func appendFields(_ columns: [CSVColumn], to text: inout TextBuffer, _ value: (CSVColumn) -> String) {
    for (place, column) in columns.enumerated() {
        if place > 0 { text.append(UInt8(ascii: ",")) }
        text.append(text: value(column))
    }
}

/// The value as RFC 4180 wants it: in quotes where a comma, a quote or a line's end would mislead the reader.
func csvQuoted(_ value: String) -> String {
    guard value.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return value }
    return "\"" + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}
