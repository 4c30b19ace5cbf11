import FaultModel
import TraceModel

/// Names of mappings by numbers that hold for all sessions of a trace; zero stands for no mapping.
struct MappingNames: Sendable {
    /// A number takes seventeen bits of a key.
    static let limit = 1 << 17

    private(set) var list = [""]
    private var numbers = ["": 0]
    /// By a session's own number.
    private var known: [Int] = []

    mutating func forgetNumbers() { known = [] }

    /// Our number for the mapping in which a place is.
    @inline(__always)
    mutating func number(of place: MemoryPlace, _ names: TraceNames) -> Int {
        let own = Int(place.name)
        return own < known.count && known[own] >= 0 ? known[own] : learn(own, names)
    }

    private mutating func learn(_ own: Int, _ names: TraceNames) -> Int {
        while known.count <= own { known.append(-1) }
        let name = own == 0 ? "" : names.mappings[own]
        let number = numbers[name] ?? append(name)
        known[own] = number
        return number
    }

    private mutating func append(_ name: String) -> Int {
        guard list.count < Self.limit else { return 0 }
        numbers[name] = list.count
        list.append(name)
        return list.count - 1
    }
}

/// A process and something of less than seventeen bits as one subject.
enum PairedSubject {
    @inline(__always)
    static func of(process: Int, _ other: Int) -> Int { process == CellKey.others ? process : process << 17 | other }
    static func process(_ subject: Int) -> Int { subject == CellKey.others ? subject : subject >> 17 }
    static func other(_ subject: Int) -> Int { subject & (1 << 17 - 1) }
}
