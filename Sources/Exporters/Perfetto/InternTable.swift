import FaultModel
import SwiftProtobuf
import TraceSchemas

/// What events refer to by number: each name, frame and stack is told once.
struct InternTable: Sendable {
    private var categories = Numbering<String>()
    private var events = Numbering<String>()
    private var values = Numbering<String>()
    private var functions = Numbering<String>()
    private var mappings = Numbering<String>()
    private var frames = Numbering<FrameKey>()
    private var stacks = Numbering<StackKey>()
    /// What has a number and has not been written yet.
    private var untold = PerfettoInternedData()
    private var isAllTold = false

    private struct FrameKey: Hashable {
        var mapping: UInt64
        var function: UInt64
        var offset: UInt64
    }

    private struct StackKey: Hashable {
        var user: UInt32
        var kernel: UInt32
    }

    /// Arguments have their numbers already; their names are the first to tell.
    init() {
        untold.debugAnnotationNames = FaultArgument.allCases.map { argument in
            .with { ($0.iid, $0.name) = (argument.rawValue, argument.name) }
        }
    }

    /// How many values, functions, frames and stacks there are.
    var count: Int { values.count + functions.count + frames.count + stacks.count }

    /// What must be written before an event refers to it; nil: nothing.
    mutating func takeUntold() -> PerfettoInternedData? {
        if isAllTold { return nil }
        defer { (untold, isAllTold) = (PerfettoInternedData(), true) }
        return untold
    }

    // MARK: Names

    mutating func category(_ name: String) -> UInt64 {
        let (number, isNew) = categories.number(name)
        if isNew { tell { $0.eventCategories.append(.with { ($0.iid, $0.name) = (number, name) }) } }
        return number
    }

    mutating func event(_ name: String) -> UInt64 {
        let (number, isNew) = events.number(name)
        if isNew { tell { $0.eventNames.append(.with { ($0.iid, $0.name) = (number, name) }) } }
        return number
    }

    /// The number of an argument's value.
    mutating func value(_ text: String) -> UInt64 {
        let (number, isNew) = values.number(text)
        if isNew { tell { $0.debugAnnotationStringValues.append(.string(number, text)) } }
        return number
    }

    private mutating func function(_ name: String) -> UInt64 {
        let (number, isNew) = functions.number(name)
        if isNew { tell { $0.functionNames.append(.string(number, name)) } }
        return number
    }

    // MARK: Stacks

    /// The number of a fault's stack.
    ///
    /// - Parameter frames: the leaf first; is called where the stack has not been told.
    mutating func stack(_ fault: FaultStacks, frames: () -> [NamedFrame]) -> UInt64 {
        let (number, isNew) = stacks.number(StackKey(user: fault.user, kernel: fault.kernel))
        guard isNew else { return number }
        let numbers = frames().reversed().map { frame($0) }
        tell { $0.callstacks.append(.with { ($0.iid, $0.frameIds) = (number, numbers) }) }
        return number
    }

    private mutating func frame(_ named: NamedFrame) -> UInt64 {
        let key = FrameKey(mapping: mapping(named.mapping), function: function(named.function), offset: named.offset)
        let (number, isNew) = frames.number(key)
        guard isNew else { return number }
        tell { data in
            data.frames.append(.with {
                ($0.iid, $0.functionNameID, $0.mappingID, $0.relPc) = (number, key.function, key.mapping, key.offset)
            })
        }
        return number
    }

    private mutating func mapping(_ path: String) -> UInt64 {
        let (number, isNew) = mappings.number(path)
        if isNew {
            tell { data in
                data.mappingPaths.append(.string(number, path))
                data.mappings.append(.with { ($0.iid, $0.pathStringIds) = (number, [number]) })
            }
        }
        return number
    }

    private mutating func tell(_ change: (inout PerfettoInternedData) -> Void) {
        change(&untold)
        isAllTold = false
    }
}

extension PerfettoInternedString {
    fileprivate static func string(_ number: UInt64, _ text: String) -> Self { .with { ($0.iid, $0.str) = (number, text) } }
}
