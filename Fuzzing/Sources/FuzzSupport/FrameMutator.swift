import CLibFuzzer
import WireProtocol

/// Changes a stream of frames and keeps it one: what libFuzzer does to bytes is done to the inside of one frame, whose length is then told
/// anew. Otherwise nearly every input would end at its first frame.
public struct FrameMutator {
    private let isSealed: Bool

    public init(isSealed: Bool) { self.isSealed = isSealed }

    /// What LLVMFuzzerCustomMutator has to do.
    public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ capacity: Int, _ seed: UInt32) -> Int {
        var numbers = SeededNumbers(seed)
        var list = FrameList(Array(UnsafeBufferPointer(start: data, count: size)), isSealed: isSealed)
        // The bytes as they are, too: lengths and checksums can be wrong.
        if list.frames.isEmpty || numbers.oneIn(8) { return LLVMFuzzerMutate(data, size, capacity) }
        change(&list, room: capacity - size, &numbers)
        let bytes = list.bytes
        guard bytes.count <= capacity else { return LLVMFuzzerMutate(data, size, capacity) }
        for (place, byte) in bytes.enumerated() { data[place] = byte }
        return bytes.count
    }

    private func change(_ list: inout FrameList, room: Int, _ numbers: inout SeededNumbers) {
        let place = numbers.below(list.frames.count)
        switch numbers.below(12) {
        case 0: list.frames.remove(at: place)
        case 1: list.frames.insert(list.frames[place], at: numbers.below(list.frames.count + 1))
        case 2: list.frames.swapAt(place, numbers.below(list.frames.count))
        case 3: list.frames[place].type = Self.types[numbers.below(Self.types.count)]
        default: Self.mutate(&list.frames[place].payload, room)
        }
    }

    private static let types = FrameType.allCases.map(\.rawValue) + [0x100, 0x101, 0x102]

    private static func mutate(_ payload: inout [UInt8], _ room: Int) {
        let count = payload.count
        payload += [UInt8](repeating: 0, count: max(0, room))
        let changed = payload.withUnsafeMutableBufferPointer { LLVMFuzzerMutate($0.baseAddress, count, $0.count) }
        payload.removeLast(payload.count - changed)
    }
}

/// Numbers that follow from a seed (SplitMix64), so that a run can be had again.
struct SeededNumbers {
    private var state: UInt64

    init(_ seed: UInt32) { state = UInt64(seed) }

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ mixed >> 31) % UInt64(limit))
    }

    mutating func oneIn(_ limit: Int) -> Bool { below(limit) == 0 }
}
