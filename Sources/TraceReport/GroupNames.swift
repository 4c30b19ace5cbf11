import FaultModel
import TraceModel

/// What a report's groups are called, once everything that could be known is known.
struct GroupNames {
    let grouping: ReportGrouping
    let names: TraceNames

    /// nil: not known.
    func name(of group: GroupTable.Group) -> String? {
        let fault = group.sample
        return switch grouping {
        case .process: processName(fault)
        case .thread: fault.thread.comm.text.isEmpty ? nil : fault.thread.comm.text
        case .package: package(fault)
        case .user: fault.thread.uid == .max ? nil : "\(fault.thread.uid)"
        case .mapping: names.mapping(fault.place)
        case .region: fault.place.region == .unknown ? nil : fault.place.region.name
        case .cause: fault.cause?.name
        case .outcome: fault.kind.traits.outcome?.name
        case .mode: fault.kind.traits.mode?.name
        case .access: fault.kind.traits.access?.name
        case .cpu: "\(fault.cpu)"
        case .function: function(fault)
        case .stack: stack(group.stacks)
        }
    }

    private func processName(_ fault: PageFault) -> String? {
        let name = names.processName(ThreadKey(fault))
        return name.isEmpty ? nil : name
    }

    /// Its process's name where there is no package.
    private func package(_ fault: PageFault) -> String? {
        let package = names.process(fault)?.package ?? ""
        return package.isEmpty ? processName(fault) : package
    }

    private func function(_ fault: PageFault) -> String? {
        if let symbol = names.symbol(fault.code) { return "\(Self.lastPart(names.mapping(fault.code)))!\(symbol.name)" }
        return names.mapping(fault.code)
    }

    /// The leaf first, the kernel's part before the program's.
    private func stack(_ stacks: [StackStore.Stack?]) -> String? {
        let frames = stacks.reversed().compactMap { $0?.frames }.joined().map(frame)
        return frames.isEmpty ? nil : frames.joined(separator: ";")
    }

    private func frame(_ frame: StackStore.Frame) -> String {
        if let symbol = names.symbol(frame) { return symbol.name }
        guard let mapping = names.mapping(frame.place) else { return "0x" + String(frame.address, radix: 16) }
        return Self.lastPart(mapping) + "+0x" + String(frame.place.offset, radix: 16)
    }

    private static func lastPart(_ name: String?) -> String {
        guard let name else { return "" }
        return name.hasPrefix("/") ? String(name[name.index(after: name.lastIndex(of: "/")!)...]) : name
    }
}
