/// What the trace's events tell of themselves; the raw value is the number of the name.
enum FaultArgument: UInt64, CaseIterable {
    case address = 1
    case ip, mode, access, present, outcome, latency, cause, errorCode, flags, cpu, uid, weight
    case mapping, offset, region
    case code, codeOffset, symbol
    case count, duration, events, lost, heldBack, isComplete

    /// As JSON has it.
    var name: String {
        switch self {
        case .address: "address"
        case .ip: "ip"
        case .mode: "mode"
        case .access: "access"
        case .present: "present"
        case .outcome: "outcome"
        case .latency: "latency_ns"
        case .cause: "cause"
        case .errorCode: "error_code"
        case .flags: "flags"
        case .cpu: "cpu"
        case .uid: "uid"
        case .weight: "weight"
        case .mapping: "mapping"
        case .offset: "offset"
        case .region: "region"
        case .code: "ip_mapping"
        case .codeOffset: "ip_offset"
        case .symbol: "symbol"
        case .count: "count"
        case .duration: "duration_ns"
        case .events: "events"
        case .lost: "lost"
        case .heldBack: "held_back"
        case .isComplete: "complete"
        }
    }
}
