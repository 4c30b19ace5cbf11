import FaultModel
import TraceModel

/// Where in code a process faulted: a stack, the leaf first, or the one instruction where there are none.
struct LiveStack: Sendable {
    /// Its process's place.
    let process: Int
    /// Whether it is more than an instruction.
    let isWhole: Bool
    /// The functions, and where their names are not known what else is known of them.
    fileprivate(set) var labels: [String]
    /// Where each function is to be looked for, by the session's own numbers; empty when they need not be looked for any more.
    fileprivate var code: [MemoryPlace]
    fileprivate var attempts = 0
}

/// The stacks of faults, by their place in order of coming. Functions' names come after the faults, so they are looked for again for a while.
struct StackSlots: Sendable {
    static let limit = 16_384
    private static let attemptLimit = 12
    /// Stacks that are looked at in one go.
    private static let portion = 256

    private(set) var list: [LiveStack] = []
    private(set) var hasWholeStacks = false
    private var places: [Key: Int] = [:]
    private var last: (key: Key, place: Int) = (Key(process: -1, number: 0, code: .unknown), 0)
    private var nameless: [Int] = []

    private struct Key: Hashable {
        let process: Int
        /// Of the stack; zero: it is an instruction.
        let number: UInt32
        let code: MemoryPlace
    }

    /// Another session begins: what names are not known by now never will be.
    mutating func forgetNumbers() {
        places = [:]
        nameless = []
        last = (Key(process: -1, number: 0, code: .unknown), 0)
    }

    @inline(__always)
    mutating func place(of fault: PageFault, process: Int, _ names: TraceNames) -> Int {
        let number = fault.stacks.user == FaultStacks.lost ? 0 : fault.stacks.user
        let key = Key(process: process, number: number, code: number == 0 ? fault.code : .unknown)
        return last.key == key ? last.place : find(key, names)
    }

    private mutating func find(_ key: Key, _ names: TraceNames) -> Int {
        let place = places[key] ?? append(key, names)
        last = (key, place)
        return place
    }

    private mutating func append(_ key: Key, _ names: TraceNames) -> Int {
        guard list.count < Self.limit, key.process != CellKey.others else { return CellKey.others }
        let frames = key.number == 0 ? nil : names.stacks.find(key.number)?.frames
        let code = frames?.map(\.code) ?? [key.code]
        let labels = frames?.map { Self.label($0.code, address: $0.address, names) } ?? [Self.label(key.code, address: nil, names)]
        hasWholeStacks = hasWholeStacks || frames != nil
        places[key] = list.count
        nameless.append(list.count)
        list.append(LiveStack(process: key.process, isWhole: frames != nil, labels: labels, code: code))
        return list.count - 1
    }

    /// What is known of code without its function's name.
    private static func label(_ code: MemoryPlace, address: UInt64?, _ names: TraceNames) -> String {
        if let symbol = names.symbol(code) { return symbol.name }
        if let file = names.mapping(code), !file.isEmpty { return "[" + file.lastPathComponent + "]" }
        return address.map { "0x" + String($0, radix: 16) } ?? "[unknown]"
    }

    /// Looks for names that have come since.
    mutating func findNames(_ names: TraceNames, all: Bool = false) {
        var later: [Int] = []
        let portion = nameless.prefix(all ? .max : Self.portion)
        for place in portion where !findNames(of: place, names) { later.append(place) }
        nameless.removeFirst(portion.count)
        nameless += later
    }

    /// - Returns: whether nothing more is to be found.
    private mutating func findNames(of place: Int, _ names: TraceNames) -> Bool {
        var missing = false
        for (frame, code) in list[place].code.enumerated() {
            guard let symbol = names.symbol(code) else { missing = missing || code.name != 0; continue }
            list[place].labels[frame] = symbol.name
        }
        list[place].attempts += 1
        let isDone = !missing || list[place].attempts >= Self.attemptLimit
        if isDone { list[place].code = [] }
        return isDone
    }
}

extension String {
    /// What stands behind the last slash; the whole where that is nothing.
    var lastPathComponent: String {
        guard let slash = lastIndex(of: "/"), index(after: slash) < endIndex else { return self }
        return String(self[index(after: slash)...])
    }
}
