import FaultModel
import TraceModel

/// Faults and the time in them, summed up by process, cause and stack, in bounded memory.
struct StackTally: Sendable {
    /// Different stacks; the faults of any further ones are summed up as one.
    private static let stackLimit = 1 << 17
    /// Sums; those of further processes, causes and stacks are added to those of other stacks.
    private static let sumLimit = 1 << 19
    /// Numbers of stacks that are remembered; a stack may have several.
    private static let numberLimit = 1 << 17

    struct Group: Hashable, Sendable {
        /// Into `processes` and `stacks`.
        var process: UInt32
        var stack: UInt32
        var cause: FaultCause?
    }

    /// What a group's faults add up to.
    struct Sum: Sendable {
        var faults: UInt64 = 0
        /// In those whose latency is known.
        var latencyNs: UInt64 = 0

        mutating func add(_ other: Sum) {
            faults = faults.addingOrMax(other.faults)
            latencyNs = latencyNs.addingOrMax(other.latencyNs)
        }
    }

    private(set) var sums: [Group: Sum] = [:]
    /// Their names.
    private(set) var processes = ["[other processes]"]
    /// The leaf first.
    private(set) var stacks: [[StackFrame]] = [[.other]]
    private let isByCause: Bool
    private var processNumbers: [String: UInt32] = [:]
    private var stackNumbers: [[StackFrame]: UInt32] = [:]
    /// What was found last, by what faults bear.
    private var processOf: [ThreadKey: UInt32] = [:]
    private var stackOf: [StackKey: UInt32] = [:]

    private struct StackKey: Hashable {
        var stacks: FaultStacks
        /// The instruction, where there is no stack.
        var code: StackFrame
    }

    init(byCause isByCause: Bool) { self.isByCause = isByCause }

    /// - Parameter weight: how many faults this one stands for.
    mutating func add(_ fault: PageFault, _ names: TraceNames, weight: UInt64) {
        var group = Group(process: process(of: fault, names), stack: stack(of: fault, names), cause: isByCause ? fault.cause : nil)
        if sums.count >= Self.sumLimit, sums[group] == nil { group = Group(process: 0, stack: 0) }
        let latency = (fault.latencyNs ?? 0).multipliedOrMax(by: weight)
        sums[group, default: Sum()].add(Sum(faults: weight, latencyNs: latency))
    }

    private mutating func process(of fault: PageFault, _ names: TraceNames) -> UInt32 {
        let key = ThreadKey(fault)
        if let known = processOf[key] { return known }
        if processOf.count >= Self.numberLimit { processOf.removeAll() }
        let number = number(ofProcess: names.processName(key))
        processOf[key] = number
        return number
    }

    private mutating func number(ofProcess name: String) -> UInt32 {
        if let known = processNumbers[name] { return known }
        guard processes.count < Self.numberLimit else { return 0 }
        processes.append(name)
        processNumbers[name] = UInt32(processes.count - 1)
        return UInt32(processes.count - 1)
    }

    private mutating func stack(of fault: PageFault, _ names: TraceNames) -> UInt32 {
        let key = StackKey(stacks: fault.stacks, code: fault.stacks == FaultStacks() ? StackFrame(fault.code) : .other)
        if let known = stackOf[key] { return known }
        if stackOf.count >= Self.numberLimit { stackOf.removeAll() }
        let number = number(ofStack: names.frames(of: fault))
        stackOf[key] = number
        return number
    }

    private mutating func number(ofStack frames: [StackFrame]) -> UInt32 {
        if let known = stackNumbers[frames] { return known }
        guard stacks.count < Self.stackLimit else { return 0 }
        stacks.append(frames)
        stackNumbers[frames] = UInt32(stacks.count - 1)
        return UInt32(stacks.count - 1)
    }
}
