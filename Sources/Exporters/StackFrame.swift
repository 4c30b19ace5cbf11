import FaultModel
import TraceModel

/// A frame of a stack as profiles have it.
enum StackFrame: Hashable, Sendable {
    /// A place in the file of a mapping's number; zero: it is not known what is there.
    case code(file: UInt32, offset: UInt64)
    /// The stack goes on where this stands.
    case truncated
    /// There should be a stack here.
    case lost
    /// One of the stacks that there were too many of.
    case other

    init(_ place: MemoryPlace) { self = .code(file: place.name, offset: place.name == 0 ? 0 : place.offset) }
}

/// What a frame is called.
struct NamedFrame: Equatable, Sendable {
    /// Its function, or what is known instead, in brackets.
    var function: String
    /// As the process has it mapped; empty: not known.
    var mapping = ""
    /// Into the file.
    var offset: UInt64 = 0
    var isKernel = false
    /// Of the mapping's file, in hexadecimal; empty: not known.
    var buildID = ""
}

extension TraceNames {
    /// A fault's stack, the leaf first: what the kernel did stands before what the program did. The instruction alone where there is no stack.
    func frames(of fault: PageFault) -> [StackFrame] {
        if fault.stacks == FaultStacks() { return [StackFrame(fault.code)] }
        return frames(fault.stacks.kernel) + frames(fault.stacks.user)
    }

    private func frames(_ number: UInt32) -> [StackFrame] {
        if number == 0 { return [] }
        guard let stack = stacks.find(number) else { return [.lost] }
        return stack.frames.map { StackFrame($0.code) } + (stack.isTruncated ? [.truncated] : [])
    }

    func named(_ frame: StackFrame) -> NamedFrame {
        switch frame {
        case .truncated: NamedFrame(function: "[truncated]")
        case .lost: NamedFrame(function: "[stack lost]")
        case .other: NamedFrame(function: "[other stacks]")
        case .code(0, _): NamedFrame(function: "[unknown]")
        case .code(let file, let offset): named(MemoryPlace(name: file, offset: offset))
        }
    }

    private func named(_ place: MemoryPlace) -> NamedFrame {
        let mapping = mapping(place) ?? ""
        let file = mapping.split(separator: "/").last.map(String.init) ?? mapping
        let function = symbol(place)?.name ?? (file.hasPrefix("[") ? file : "[\(file)]")
        return NamedFrame(
            function: function, mapping: mapping, offset: place.offset, isKernel: mapping == "[kernel]",
            buildID: symbols.buildID(place.name) ?? "")
    }
}
