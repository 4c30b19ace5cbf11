public import FaultModel
public import WireProtocol

/// The stacks that faults bear, each address with its place in the memory of the process that it was seen in.
///
/// The latest ones: of a fault that has waited while very many others came, the stack may be forgotten.
public struct StackStore: Sendable {
    /// One frame.
    public struct Frame: BitwiseCopyable, Equatable, Sendable {
        /// The leaf's instruction, or where a call returns to.
        public let address: UInt64
        public let place: MemoryPlace
        /// Whether it is a call's return address: the call itself ends before it, in another function if it never returns.
        public let isReturn: Bool

        /// Where the function is to be looked for.
        public var code: MemoryPlace {
            var code = place
            if isReturn, place.name != 0 { code.offset &-= 1 }
            return code
        }
    }

    /// The leaf comes first.
    public struct Stack: Equatable, Sendable {
        public let frames: [Frame]
        /// It goes on beyond the last frame.
        public let isTruncated: Bool

        public static let empty = Stack(frames: [], isTruncated: false)
    }

    /// What has been told, by the number that it has on the wire.
    private var told = Latest<UInt32, StackTrace>(limit: limit)
    /// The same as a process has it, by the number that faults bear.
    private var seen = Latest<Key, Seen>(limit: limit)

    private static let limit = 1 << 15

    private struct Key: Hashable {
        let number: UInt32
        /// Zero for the kernel's stacks, which stand for the same in every process.
        let pid: UInt32
    }

    private struct Seen {
        let stack: Stack
        /// For which of the address spaces' generations it holds.
        var generation: UInt32
    }

    public init() {}

    /// A stack by the number that a fault bears; nil: it was lost, or is forgotten.
    public func find(_ number: UInt32) -> Stack? { seen.value(number)?.stack }

    // MARK: Learning

    public mutating func note(_ stack: StackTrace) { told.insert(stack.id, stack) }

    /// Whoever tells the next stacks numbers them anew.
    mutating func forgetNumbers() {
        told = Latest(limit: Self.limit)
        seen.forgetKeys()
    }

    /// What events may still refer to.
    var retold: [StackTrace] { told.values }

    /// Gives a fault our own numbers for its stacks, in place of the wire's.
    ///
    /// - Parameters:
    ///   - generation: changes with what stands at addresses.
    ///   - place: what stands at an address for this fault.
    mutating func number(_ fault: inout PageFault, generation: UInt32, place: (UInt64) -> MemoryPlace) {
        let pid = fault.thread.pid
        fault.stacks.user = number(Key(number: fault.stacks.user, pid: pid), generation, place)
        fault.stacks.kernel = number(Key(number: fault.stacks.kernel, pid: 0), generation, place)
    }

    private mutating func number(_ key: Key, _ generation: UInt32, _ place: (UInt64) -> MemoryPlace) -> UInt32 {
        if key.number == 0 || key.number == FaultStacks.lost { return key.number }
        let known = seen.number(of: key)
        if let known, key.pid == 0 || seen.value(known)?.generation == generation { return known }
        guard let trace = told.value(of: key.number) else { return FaultStacks.lost }
        let stack = Self.stack(trace, place)
        if let known, seen.value(known)?.stack == stack {
            seen.update(known) { $0.generation = generation }
            return known
        }
        return seen.insert(key, Seen(stack: stack, generation: generation))
    }

    private static func stack(_ trace: StackTrace, _ place: (UInt64) -> MemoryPlace) -> Stack {
        let frames = trace.frames.enumerated().map { depth, address in
            Frame(address: address, place: canBe(address, in: trace) ? place(address) : .unknown, isReturn: depth > 0)
        }
        return Stack(frames: frames, isTruncated: trace.isTruncated)
    }

    /// Where a program keeps no frame pointers, the last word of its stack is any number; no function of the kernel's called it.
    private static func canBe(_ address: UInt64, in trace: StackTrace) -> Bool {
        trace.isKernel || address < CauseFinder.kernelHalf
    }
}

/// Values by numbers that follow each other, and by keys; the oldest make room for new ones.
private struct Latest<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let limit: Int
    private var entries: [(number: UInt32, key: Key, value: Value)] = []
    private var numbers: [Key: UInt32] = [:]
    private var last: UInt32 = 0

    init(limit: Int) { self.limit = limit }

    func number(of key: Key) -> UInt32? { numbers[key] }
    func value(of key: Key) -> Value? { numbers[key].flatMap { value($0) } }

    func value(_ number: UInt32) -> Value? {
        let place = Int(number &- 1) % limit
        guard number > 0, place < entries.count, entries[place].number == number else { return nil }
        return entries[place].value
    }

    /// From the oldest to the newest.
    var values: [Value] {
        let start = entries.count < limit ? 0 : Int(last) % limit
        return (entries[start...] + entries[..<start]).map(\.value)
    }

    /// The values stay, and nothing has their keys.
    mutating func forgetKeys() { numbers = [:] }

    mutating func update(_ number: UInt32, _ body: (inout Value) -> Void) { body(&entries[Int(number &- 1) % limit].value) }

    /// - Returns: its number, by which it is found until it has to make room.
    @discardableResult
    mutating func insert(_ key: Key, _ value: Value) -> UInt32 {
        last = last == .max - 1 ? 1 : last + 1
        let place = Int(last - 1) % limit
        if place < entries.count {
            if numbers[entries[place].key] == entries[place].number { numbers[entries[place].key] = nil }
            entries[place] = (last, key, value)
        } else {
            entries.append((last, key, value))
        }
        numbers[key] = last
        return last
    }
}
