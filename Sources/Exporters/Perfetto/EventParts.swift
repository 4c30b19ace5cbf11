import FaultModel
import TraceModel
import TraceSchemas

// Parts of a fault's event that repeat. Fields of a message may come in pieces; each piece is made once.

/// A fault's kind and cause.
struct CausedKind: FragmentKey {
    let kind: FaultKind
    let cause: FaultCause?

    init(_ fault: PageFault) { (kind, cause) = (fault.kind, fault.cause) }

    var slotHash: Int { kind.slotHash &+ Int(cause?.rawValue ?? 0) &* 37 }

    func event(_ interned: inout InternTable) -> PerfettoTrackEvent {
        let traits = kind.traits
        var event = PerfettoTrackEvent()
        event.type = .instant
        event.nameIid = interned.event(name)
        event.categoryIids = [interned.category("page_fault")]
        event.add(.mode, traits.mode?.name, &interned)
        event.add(.access, traits.access?.name, &interned)
        if let present = traits.present { event.add(.present) { $0.boolValue = present } }
        event.add(.outcome, traits.outcome?.name, &interned)
        event.add(.cause, cause?.name, &interned)
        if let code = kind.errorCode {
            event.add(.errorCode) { $0.pointerValue = code.value }
            event.add(.flags, code.flags.joined(separator: "|"), &interned)
        }
        return event
    }

    private var name: String { cause?.words ?? kind.traits.outcome.map { "\($0.name) fault" } ?? "page fault" }
}

/// What is mapped at an address.
struct PlaceKey: FragmentKey {
    let name: UInt32
    let region: MemoryRegion

    init(_ place: MemoryPlace) { (name, region) = (place.name, place.region) }

    var slotHash: Int { Int(truncatingIfNeeded: name) }

    func event(_ names: TraceNames, _ interned: inout InternTable) -> PerfettoTrackEvent {
        var event = PerfettoTrackEvent()
        event.add(.mapping, names.mapping(MemoryPlace(name: name)), &interned)
        event.add(.region, region.name, &interned)
        return event
    }
}

/// An instruction; it may get its function's name later than its first fault.
struct CodeKey: FragmentKey {
    let place: MemoryPlace
    /// How many questions for names had been answered.
    let answered: Int

    init(_ place: MemoryPlace, _ names: TraceNames) { (self.place, answered) = (place, names.symbolsAnswered) }

    var slotHash: Int { Int(truncatingIfNeeded: ((place.offset ^ UInt64(place.name) << 40) &* 0x9e37_79b9_7f4a_7c15) >> 40) }

    func event(_ names: TraceNames, _ interned: inout InternTable) -> PerfettoTrackEvent {
        var event = PerfettoTrackEvent()
        event.add(.code, names.mapping(place), &interned)
        event.add(.codeOffset) { $0.pointerValue = place.offset }
        event.add(.symbol, names.symbol(place)?.name, &interned)
        return event
    }
}

extension PerfettoTrackEvent {
    static func thread(_ track: UInt64, _ user: UInt32) -> Self {
        var event = Self()
        event.trackUuid = track
        event.add(.uid) { $0.uintValue = UInt64(user) }
        return event
    }

    /// An argument, if there is a value.
    fileprivate mutating func add(_ argument: FaultArgument, _ value: String?, _ interned: inout InternTable) {
        if let value { add(argument) { $0.stringValueIid = interned.value(value) } }
    }

    fileprivate mutating func add(_ argument: FaultArgument, _ fill: (inout PerfettoDebugAnnotation) -> Void) {
        var annotation = PerfettoDebugAnnotation()
        annotation.nameIid = argument.rawValue
        fill(&annotation)
        debugAnnotations.append(annotation)
    }
}

/// What is another with each event. The numbers are those of the schema.
extension FieldWriter {
    @inline(__always)
    mutating func argument(_ argument: FaultArgument, pointer value: UInt64) { self.argument(argument, 7, value) }

    @inline(__always)
    mutating func argument(_ argument: FaultArgument, number value: UInt64) { self.argument(argument, 3, value) }

    @inline(__always)
    private mutating func argument(_ argument: FaultArgument, _ field: UInt64, _ value: UInt64) {
        message(4, length: 3 + varintLength(value))
        self.field(1, argument.rawValue)
        self.field(field, value)
    }

    @inline(__always)
    mutating func callstack(_ number: UInt64) { field(56, number) }
}
