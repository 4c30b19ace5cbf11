public import FaultModel
public import WireProtocol

/// The functions of files, as far as the agent has told them, and what is to be asked of it. Files go by the numbers of mappings' names.
public struct SymbolStore: Sendable {
    /// A function and how far into it a place is.
    public struct Found: Equatable, Sendable {
        /// Demangled.
        public let name: String
        public let offset: UInt64

        /// `name+0x1c`.
        public var text: String { name + "+0x" + String(offset, radix: 16) }
    }

    /// Places in one question, as the agent takes them.
    static let questionSize = 256
    /// Questions under way; the agent takes twice as many.
    private static let questionLimit = 32
    /// Places that are being asked for or were in vain. With so many, no others are.
    private static let placeLimit = 1 << 16
    /// Ranges kept; when there are so many, nothing more is asked.
    private static let rangeLimit = 1 << 20

    /// Questions that have been handed out, and those among them that have been answered, since the trace began.
    public private(set) var asked = 0
    public private(set) var answered = 0

    /// By the number of the mapping's name.
    private var files: [FileFunctions?] = []
    private var rangeCount = 0
    /// What has lately been looked at, by the low bits of its hash: most instructions fault over and over.
    private var recent = [MemoryPlace](repeating: .unknown, count: 4096)
    private var wanted: [Wanted] = []
    /// What is in `wanted`, is being asked for, or was asked for in a file that has no names.
    private var pending: Set<Place> = []
    /// Questions under way, in the order in which they are answered.
    private var questions: [(file: UInt32, question: Symbolise)] = []

    private struct Place: Hashable {
        var file: UInt32
        var offset: UInt64
    }

    private struct Wanted {
        var place: Place
        var pid: UInt32
    }

    public init() {}

    /// The function at a place; nil: there is none, or nobody has told of it yet.
    public func find(_ place: MemoryPlace) -> Found? {
        guard let file = file(place.name), let range = file.range(of: place.offset),
            let function = file.function(range)
        else { return nil }
        return Found(name: function.name, offset: place.offset - function.start)
    }

    /// The build ID of a mapping's file by the number of its name, in hexadecimal; nil: it has none, or nobody has told it.
    public func buildID(_ number: UInt32) -> String? {
        guard let id = file(number)?.buildID, !id.isEmpty else { return nil }
        return id
    }

    // MARK: Questions

    /// Notes that a place's function is wanted. Costs a look at a table if that place has just been wanted.
    ///
    /// - Parameter pid: a process that has the file mapped.
    @inline(__always)
    public mutating func want(_ place: MemoryPlace, of pid: UInt32) {
        guard place.name != 0 else { return }
        let hash = (place.offset ^ UInt64(place.name) << 40) &* 0x9e37_79b9_7f4a_7c15
        let slot = Int(hash >> 52)
        if recent[slot] != place { want(place, of: pid, slot) }
    }

    private mutating func want(_ place: MemoryPlace, of pid: UInt32, _ slot: Int) {
        let key = Place(file: place.name, offset: place.offset)
        guard pending.count < Self.placeLimit, rangeCount < Self.rangeLimit else { return }
        recent[slot] = place
        let file = file(place.name)
        guard file?.range(of: place.offset) == nil, file?.isWithoutFunctions != true, pending.insert(key).inserted else { return }
        if file?.problem == nil { wanted.append(Wanted(place: key, pid: pid)) } else { countNameless(1, in: place.name) }
    }

    /// The questions to be asked now.
    ///
    /// - Parameter file: what a mapping's name stands for, by its number.
    public mutating func takeQuestions(file: (UInt32) -> MappedFile) -> [Symbolise] {
        guard !wanted.isEmpty else { return [] }
        var taken: [Symbolise] = []
        while !wanted.isEmpty, questions.count < Self.questionLimit, let question = nextQuestion(file) { taken.append(question) }
        return taken
    }

    /// Takes as much as fits into one question about the file of the last place; nil: there is nothing to ask about any more.
    private mutating func nextQuestion(_ file: (UInt32) -> MappedFile) -> Symbolise? {
        while let first = wanted.last {
            let offsets = takeOffsets(of: first.place.file)
            let file = file(first.place.file)
            guard Self.hasFunctions(file.name), self.file(first.place.file)?.problem == nil else {
                settle(first.place.file, offsets, withFunctions: Self.hasFunctions(file.name))
                continue
            }
            let question = Symbolise(pid: first.pid, file: file.name, identity: file.identity, offsets: offsets)
            questions.append((first.place.file, question))
            asked += 1
            return question
        }
        return nil
    }

    private mutating func takeOffsets(of file: UInt32) -> [UInt64] {
        var offsets: [UInt64] = []
        wanted.removeAll { item in
            guard item.place.file == file, offsets.count < Self.questionSize else { return false }
            offsets.append(item.place.offset)
            return true
        }
        return offsets
    }

    /// Whether a mapping of this name can hold code that has names.
    private static func hasFunctions(_ name: String) -> Bool {
        if name == "[vdso]" || name == "[kernel]" { return true }
        return name.hasPrefix("/") && !name.hasPrefix("//") && !name.hasPrefix("/dev/") && !name.hasPrefix("/SYSV")
    }

    /// Notes a question that somebody else has asked.
    mutating func note(_ question: Symbolise, about file: UInt32) {
        questions.append((file, question))
        asked += 1
    }

    /// Nobody will answer what has been asked; it may be asked again.
    mutating func forgetQuestions() {
        for (file, question) in questions {
            for offset in question.offsets { pending.remove(Place(file: file, offset: offset)) }
        }
        questions = []
        answered = asked
        recent = [MemoryPlace](repeating: .unknown, count: recent.count)
    }

    /// What has been asked and not been answered, in order.
    var openQuestions: [Symbolise] { questions.map(\.question) }

    // MARK: Answers

    /// Takes the agent's answer to the oldest question.
    ///
    /// - Returns: whether it is one.
    @discardableResult
    public mutating func note(_ answer: Symbols) -> Bool {
        guard let (file, question) = questions.first, answer.pid == question.pid, answer.file == question.file, answer.identity == question.identity
        else { return false }
        defer { take(answer, to: question, about: file) }
        return true
    }

    /// Takes what nobody has asked here.
    mutating func tell(_ answer: Symbols, about file: UInt32) {
        if !answer.problem.isEmpty { change(file) { $0.problem = answer.problem } }
        if !answer.buildID.isEmpty { change(file) { $0.buildID = answer.buildID } }
        for symbol in answer.list where symbol.start < symbol.end { add(symbol, symbol.start, to: file) }
    }

    private mutating func take(_ answer: Symbols, to question: Symbolise, about file: UInt32) {
        questions.removeFirst()
        answered += 1
        if !answer.buildID.isEmpty { change(file) { $0.buildID = answer.buildID } }
        guard answer.problem.isEmpty, answer.list.count == question.offsets.count else {
            change(file) { $0.problem = answer.problem.isEmpty ? "the agent's answer is cut" : answer.problem }
            return countNameless(question.offsets.count, in: file)
        }
        var nameless = 0
        for (offset, symbol) in zip(question.offsets, answer.list) {
            pending.remove(Place(file: file, offset: offset))
            if symbol.name.isEmpty { nameless += 1 }
            guard symbol.start <= offset, offset < symbol.end else { continue }
            add(symbol, offset, to: file)
        }
        countNameless(nameless, in: file)
    }

    private mutating func add(_ symbol: Symbols.Symbol, _ offset: UInt64, to file: UInt32) {
        guard self.file(file)?.range(of: offset) == nil else { return }
        change(file) { $0.add(symbol.start, symbol.end, Demangler.demangled(symbol.name)) }
        rangeCount += 1
    }

    /// These places get no names, and those of what is no file are not missed either.
    private mutating func settle(_ file: UInt32, _ offsets: [UInt64], withFunctions: Bool) {
        if withFunctions { return countNameless(offsets.count, in: file) }
        for offset in offsets { pending.remove(Place(file: file, offset: offset)) }
        change(file) { $0.isWithoutFunctions = true }
    }

    private mutating func countNameless(_ places: Int, in file: UInt32) {
        if places > 0 { change(file) { $0.namelessPlaces += places } }
    }

    /// Files in which places have no names, with how many and why not; "" where a file has names and none at those places.
    public func nameless(name: (UInt32) -> String) -> [NamelessFile] {
        files.enumerated().compactMap { number, file in
            guard let file, file.namelessPlaces > 0 else { return nil }
            return NamelessFile(name: name(UInt32(number)), places: file.namelessPlaces, problem: file.problem)
        }
    }

    /// All that is known of files, in answers that fit a frame whatever the names.
    ///
    /// - Parameter file: what a mapping's name stands for, by its number.
    func retold(file: (UInt32) -> MappedFile) -> [Symbols] {
        files.enumerated().flatMap { number, known -> [Symbols] in
            guard let known, known.count > 0 || known.problem != nil else { return [] }
            let (file, list) = (file(UInt32(number)), known.symbols)
            return stride(from: 0, to: max(list.count, 1), by: Self.questionSize).map { start in
                Symbols(
                    pid: 0, file: file.name, identity: file.identity, buildID: known.buildID, problem: known.problem ?? "",
                    list: Array(list[start..<min(start + Self.questionSize, list.count)]))
            }
        }
    }

    // MARK: Files

    @inline(__always)
    private func file(_ number: UInt32) -> FileFunctions? { number < files.count ? files[Int(number)] : nil }

    private mutating func change(_ number: UInt32, _ body: (inout FileFunctions) -> Void) {
        while files.count <= Int(number) { files.append(nil) }
        var file = files[Int(number)].take() ?? FileFunctions()
        body(&file)
        files[Int(number)] = file
    }
}

/// A file in which places have no function's name.
public struct NamelessFile: Equatable, Sendable {
    public let name: String
    /// How many different places were asked for in vain.
    public let places: Int
    /// Why; nil: there is no function at those places.
    public let problem: String?

    public init(name: String, places: Int, problem: String?) {
        self.name = name
        self.places = places
        self.problem = problem
    }
}
