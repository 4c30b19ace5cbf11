import FaultModel
import TraceModel

/// Code that faulted: a stack, the leaf first, or the one instruction where there are no stacks. It is the same in all processes of a program.
struct LiveStack: Sendable {
    /// The functions, by number; where their names are not known, their files.
    fileprivate(set) var labels: [Int32]
    /// Where each function is to be looked for, by the session's own numbers; empty when they need not be looked for any more.
    fileprivate var code: [MemoryPlace]
    fileprivate var attempts = 0
}

/// The code that has faulted, by its place in order of coming. Functions' names come after the faults, so they are looked for again for a while.
struct StackSlots: Sendable {
    /// Stacks and instructions that are told apart; after them, only files are.
    static let limit = 32_768
    private static let numberLimit = 1 << 17
    private static let attemptLimit = 12
    /// Stacks that are looked at in one go.
    private static let portion = 256

    private(set) var list: [LiveStack] = []
    private(set) var labels = LabelNames()
    private(set) var hasWholeStacks = false
    /// By the number that faults bear, by frames, by instruction, and by file.
    private var numbers: [UInt32: Int] = [:]
    private var stacks: [[MemoryPlace]: Int] = [:]
    private var instructions: [MemoryPlace: Int] = [:]
    private var files: [UInt32: Int] = [:]
    private var nameless: [Int] = []

    /// Another session begins: what names are not known by now never will be.
    mutating func forgetNumbers() {
        (numbers, stacks, instructions, files, nameless) = ([:], [:], [:], [:], [])
    }

    // MARK: Places

    @inline(__always)
    mutating func place(of fault: PageFault, _ names: TraceNames) -> Int {
        let number = fault.stacks.user
        guard number > 0, number != FaultStacks.lost else {
            return instructions[fault.code] ?? insert(fault.code, names)
        }
        return numbers[number] ?? insert(number, fault, names)
    }

    /// The file alone, for where there is no room for more.
    mutating func filePlace(of code: MemoryPlace, _ names: TraceNames) -> Int {
        if let known = files[code.name] { return known }
        files[code.name] = list.count
        return append([code], names, isLookedFor: false)
    }

    private mutating func insert(_ code: MemoryPlace, _ names: TraceNames) -> Int {
        guard list.count < Self.limit else { return filePlace(of: code, names) }
        let place = append([code], names)
        instructions[code] = place
        return place
    }

    private mutating func insert(_ number: UInt32, _ fault: PageFault, _ names: TraceNames) -> Int {
        guard let frames = names.stacks.find(number)?.frames else { return filePlace(of: fault.code, names) }
        hasWholeStacks = true
        let code = frames.map(\.code)
        guard let place = stacks[code] ?? (list.count < Self.limit ? append(code, names) : nil) else { return filePlace(of: fault.code, names) }
        stacks[code] = place
        if numbers.count >= Self.numberLimit { numbers = [:] }
        numbers[number] = place
        return place
    }

    private mutating func append(_ code: [MemoryPlace], _ names: TraceNames, isLookedFor: Bool = true) -> Int {
        let numbers = code.map { labels.number(of: isLookedFor ? Self.label($0, names) : Self.file($0, names)) }
        if isLookedFor { nameless.append(list.count) }
        list.append(LiveStack(labels: numbers, code: isLookedFor ? code : []))
        return list.count - 1
    }

    // MARK: Names

    private static func label(_ code: MemoryPlace, _ names: TraceNames) -> String { names.symbol(code)?.name ?? file(code, names) }

    private static func file(_ code: MemoryPlace, _ names: TraceNames) -> String {
        guard let file = names.mapping(code), !file.isEmpty else { return "[unknown]" }
        return file.hasPrefix("[") ? file : "[" + file.lastPathComponent + "]"
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
            if let symbol = names.symbol(code) { list[place].labels[frame] = labels.number(of: symbol.name) } else { missing = missing || code.name != 0 }
        }
        list[place].attempts += 1
        let isDone = !missing || list[place].attempts >= Self.attemptLimit
        if isDone { list[place].code = [] }
        return isDone
    }
}

/// What functions and files are called, by numbers, for many stacks have the same ones.
struct LabelNames: Sendable {
    private(set) var list: [String] = []
    private var numbers: [String: Int32] = [:]

    subscript(number: Int32) -> String { list[Int(number)] }

    mutating func number(of label: String) -> Int32 {
        if let known = numbers[label] { return known }
        numbers[label] = Int32(list.count)
        list.append(label)
        return Int32(list.count - 1)
    }
}

extension String {
    /// What stands behind the last slash; the whole where that is nothing.
    var lastPathComponent: String {
        guard let slash = lastIndex(of: "/"), index(after: slash) < endIndex else { return self }
        return String(self[index(after: slash)...])
    }
}
