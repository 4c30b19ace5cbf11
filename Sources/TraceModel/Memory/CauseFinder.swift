public import FaultModel
public import WireProtocol

/// Gives each fault its process, the places of its address and its instruction, and its cause, by what has been told of processes.
public struct CauseFinder: Sendable {
    public private(set) var spaces = AddressSpaces()
    private var history = ProcessHistory()
    private var unexplained: [UInt32] = []
    private var grounds = PlaceCache()
    private var codes = PlaceCache()
    private let verdicts: VerdictTable
    /// By the low bits of its id, where a process was found last.
    private var places = [KnownPlace](repeating: KnownPlace(), count: slotCount)
    private var numbers = [KnownNumber](repeating: KnownNumber(), count: slotCount)

    /// By the low bits of a thread's id, where among its process's mappings its address and its instruction were last.
    private var hints = [(address: Int, ip: Int)](repeating: (0, 0), count: hintCount)

    private static let slotCount = 256
    private static let hintCount = 1024
    /// Faults that stay in the processor's nearer caches.
    private static let stretch = 256
    /// From here on addresses are the kernel's, on every 64-bit architecture.
    static let kernelHalf: UInt64 = 1 << 63

    private struct KnownPlace: BitwiseCopyable {
        var pid: UInt32 = 0
        var place: Int32 = 0
        var generation = UInt32.max
    }

    private struct KnownNumber: BitwiseCopyable {
        var pid: UInt32 = 0
        var number: UInt32 = 0
        var sinceNs: UInt64 = 0
        var generation = UInt32.max
    }

    /// - Parameter kernel: the device's; nil where its release is no version.
    public init(_ kernel: KernelVersion?) { verdicts = VerdictTable(retriesAreMajor: kernel?.retriesAreMajor ?? false) }

    /// Keeps what a message says about processes and their memory; other messages are nothing to it.
    public mutating func note(_ message: AgentMessage) {
        spaces.note(message)
        history.note(message)
    }

    /// Puts what has been noted into effect, and adds what it names.
    public mutating func settle(_ names: inout TraceNames) {
        spaces.settle()
        history.settle(&names, completeUntilNs: spaces.completeUntilNs) { spaces.program(of: $0) }
        if names.mappings.count < spaces.nameCount { names.append(spaces.names(from: names.mappings.count)) }
    }

    /// Whoever tells of processes from here on tells of each anew. The numbers in faults go on to stand for what they stood for.
    mutating func forgetProcesses() {
        spaces.forgetProcesses()
        history.forgetProcesses()
        unexplained = []
    }

    /// Explains each fault. All news that precede the faults must have come.
    public mutating func explain(_ faults: inout [PageFault], _ names: inout TraceNames) {
        settle(&names)
        faults.withUnsafeMutableBufferPointer { faults in
            for start in stride(from: 0, to: faults.count, by: Self.stretch) {
                explain(faults, start..<min(start + Self.stretch, faults.count))
            }
        }
    }

    /// One question after the other: what a look-up waits for is memory, and in a short loop the processor has many under way.
    private mutating func explain(_ faults: UnsafeMutableBufferPointer<PageFault>, _ places: Range<Int>) {
        for place in places { explain(&faults[place]) }
        for place in places { faults[place].code = code(of: faults[place]) }
        for place in places { faults[place].process = number(of: faults[place]) }
    }

    @inline(__always)
    private mutating func explain(_ fault: inout PageFault) {
        let ground = grounds.find(fault.address, of: fault, spaces.generation) ?? look(at: fault)
        fault.cause = verdicts.cause(fault, ground.ground)
        fault.place = ground.place
    }

    /// What has been told of processes and their memory and still holds, as if it were told at a time.
    func retold(_ names: TraceNames, atNs timeNs: UInt64) -> [AgentMessage] {
        history.retold(names, atNs: timeNs) { spaces.program(of: $0) } + spaces.retold(atNs: timeNs).flatMap(\.pieces).map { .mappings($0) }
    }

    /// A file's number among the mappings' names.
    mutating func number(of file: MappedFile, _ names: inout TraceNames) -> UInt32 {
        defer { settle(&names) }
        return spaces.number(of: file)
    }

    /// The processes of which nothing was known where a fault fell, since the last call: to ask the agent for.
    public mutating func takeUnexplained() -> [UInt32] {
        defer { if !unexplained.isEmpty { unexplained = [] } }
        return unexplained
    }

    /// What a process is now, as far as anybody has told.
    func process(_ pid: UInt32, _ names: TraceNames) -> TracedProcess? {
        names.process(history.find(pid, atNs: .max).number, pid: pid)
    }

    /// The name of a process's main thread as the kernel has it now; nil: nobody has told.
    func mainThreadName(_ pid: UInt32) -> String? { history.comm(pid) }

    // MARK: Looking

    @inline(never)
    private mutating func look(at fault: PageFault) -> Whereabouts {
        if fault.address >= Self.kernelHalf { return Self.kernel(fault.address) }
        guard let place = place(of: fault.thread.pid) else { return .nothing }
        let thread = Int(fault.thread.tid) % Self.hintCount
        var hint = hints[thread].address
        let finding = spaces.finding(fault.address, at: place, atNs: fault.timeNs, near: &hint)
        hints[thread].address = hint
        switch finding {
        case .mapping(let entry, let isCurrent):
            let start = start(of: entry, as: entry.name, at: place, near: hint)
            if isCurrent {
                let sinceNs = max(entry.sinceNs, spaces.currentSinceNs(at: place))
                grounds.remember(start, in: entry, sinceNs: sinceNs, at: fault.address, of: fault, spaces.generation)
            }
            return start.moved(by: fault.address - entry.start)
        case .belowStack(let entry):
            // It has grown by now and begins with the page that was touched.
            return Whereabouts(
                ground: .belowStack, place: MemoryPlace(name: Self.shown(entry.name), region: .stack, offset: fault.address & 0xfff))
        case .nothing:
            noteUnexplained(fault)
            return .nothing
        }
    }

    @inline(__always)
    private mutating func code(of fault: PageFault) -> MemoryPlace {
        if fault.ip >= Self.kernelHalf { return Self.kernel(fault.ip).place }
        return (codes.find(fault.ip, of: fault, spaces.generation) ?? lookUpCode(of: fault)).place
    }

    @inline(never)
    private mutating func lookUpCode(of fault: PageFault) -> Whereabouts {
        let thread = Int(fault.thread.tid) % Self.hintCount
        var hint = hints[thread].ip
        guard let place = place(of: fault.thread.pid),
            case .mapping(let entry, let isCurrent) = spaces.finding(fault.ip, at: place, atNs: fault.timeNs, near: &hint)
        else { return .nothing }
        hints[thread].ip = hint
        let start = start(of: entry, as: entry.file, at: place, near: hint)
        if isCurrent {
            let sinceNs = max(entry.sinceNs, spaces.currentSinceNs(at: place))
            codes.remember(start, in: entry, sinceNs: sinceNs, at: fault.ip, of: fault, spaces.generation)
        }
        return start.moved(by: fault.ip - entry.start)
    }

    /// Where an address was at a time; for what is not looked up over and over.
    func place(of address: UInt64, in pid: UInt32, atNs timeNs: UInt64) -> MemoryPlace {
        if address >= Self.kernelHalf { return Self.kernel(address).place }
        guard case .mapping(let entry, _)? = spaces.finding(address, of: pid, atNs: timeNs), let place = spaces.place(of: pid) else {
            return .unknown
        }
        return start(of: entry, as: entry.file, at: place, near: 0).moved(by: address - entry.start).place
    }

    private static func kernel(_ address: UInt64) -> Whereabouts {
        Whereabouts(ground: .kernel, place: MemoryPlace(name: NameTable.kernel, region: .kernel, offset: address))
    }

    /// - Parameter name: by which of its numbers the entry goes.
    private func start(of entry: MappingTable.Entry, as name: UInt32, at place: Int, near hint: Int) -> Whereabouts {
        let region = spaces.region(of: entry, at: place, near: hint)
        return Whereabouts(ground: Ground(entry), place: MemoryPlace(name: Self.shown(name), region: region, offset: entry.offset))
    }

    /// The number under which a mapping's name is shown.
    private static func shown(_ name: UInt32) -> UInt32 { name == 0 ? NameTable.anonymous : name }

    private mutating func place(of pid: UInt32) -> Int? {
        let slot = Int(pid) % Self.slotCount
        let known = places[slot]
        if known.pid == pid, known.generation == spaces.generation { return Int(known.place) }
        guard let place = spaces.place(of: pid) else { return nil }
        places[slot] = KnownPlace(pid: pid, place: Int32(place), generation: spaces.generation)
        return place
    }

    /// mremap(2) moves mappings without a word.
    private mutating func noteUnexplained(_ fault: PageFault) {
        guard fault.kind.traits.outcome != .failed, spaces.shouldLook(at: fault.thread.pid, atNs: fault.timeNs) else { return }
        unexplained.append(fault.thread.pid)
    }

    // MARK: Processes

    @inline(__always)
    private mutating func number(of fault: PageFault) -> UInt32 {
        let known = numbers[Int(fault.thread.pid) % Self.slotCount]
        let holds = known.pid == fault.thread.pid && known.generation == history.generation && known.sinceNs <= fault.timeNs
        return holds ? known.number : lookUpNumber(of: fault)
    }

    @inline(never)
    private mutating func lookUpNumber(of fault: PageFault) -> UInt32 {
        let pid = fault.thread.pid
        let found = history.find(pid, atNs: fault.timeNs)
        if found.isCurrent {
            numbers[Int(pid) % Self.slotCount] = KnownNumber(
                pid: pid, number: found.number, sinceNs: found.sinceNs, generation: history.generation)
        }
        return found.number
    }
}

extension Whereabouts {
    fileprivate func moved(by distance: UInt64) -> Whereabouts {
        var there = self
        there.place.offset &+= distance
        return there
    }
}
