import CLibbpf

/// The stacks that perf's samples carry, each kept once and the latest for as long as there is room.
final class StackTable {
    /// As in `fault_record`: numbers follow each other, and are not used again.
    private var last: UInt32 = 0
    /// By the low bits of their numbers.
    private var stacks = [Kept](repeating: Kept(), count: capacity)
    /// Numbers by the low bits of the hash, or near there.
    private var index = [UInt32](repeating: 0, count: 2 * capacity)
    private let depth: Int

    private static let capacity = 8192
    private static let reach = 4

    private struct Kept {
        var number: UInt32 = 0
        var hash: UInt64 = 0
        var stack = RecordedStack([], isTruncated: false)
    }

    /// - Parameter depth: frames of the deepest stack that the kernel writes.
    init(depth: Int) { self.depth = depth }

    /// The stack that goes by a number, or nil where it had to make room.
    func stack(_ number: UInt32) -> RecordedStack? {
        let kept = stacks[Int(number) % Self.capacity]
        guard kept.number == number else { return nil }
        return RecordedStack(kept.stack.frames.map { stripped($0) }, isTruncated: kept.stack.isTruncated)
    }

    /// The numbers of a sample's stacks; zero: it has none.
    ///
    /// - Parameter ring: with PERF_SAMPLE_CALLCHAIN from `start` on: a count, then addresses, with PERF_CONTEXT_* before each kind
    ///   (perf_event_open(2)).
    func take(_ ring: borrowing RecordRing, from start: UInt64) -> (user: UInt32, kernel: UInt32) {
        let end = min(start &+ 1 &+ ring.word(start), ring.words)
        var (numbers, frames) = ((user: UInt32(0), kernel: UInt32(0)), UInt64(0))
        var place = start + 1
        while place < end {
            let context = ring.word(place)
            let first = place + 1
            place = first
            while place < end, !isContext(ring.word(place)) { place += 1 }
            frames += place - first
            guard place > first else { continue }
            let isTruncated = place == end && frames >= UInt64(depth)
            switch context {
            case PERF_CONTEXT_USER.word: numbers.user = number(of: ring, first..<place, isTruncated)
            case PERF_CONTEXT_KERNEL.word: numbers.kernel = number(of: ring, first..<place, isTruncated)
            default: break
            }
        }
        return numbers
    }

    private func isContext(_ word: UInt64) -> Bool { word >= PERF_CONTEXT_MAX.word }

    private func number(of ring: borrowing RecordRing, _ words: Range<UInt64>, _ isTruncated: Bool) -> UInt32 {
        var hash: UInt64 = 0
        for place in words {
            hash = (hash ^ ring.word(place)) &* 0x9e37_79b9_7f4a_7c15
            hash ^= hash >> 32
        }
        let home = Int(truncatingIfNeeded: hash) & (index.count - 1)
        var oldest = home
        for step in 0..<Self.reach {
            let slot = (home + step) & (index.count - 1)
            if holds(index[slot], hash, ring, words) { return index[slot] }
            if last &- index[slot] > last &- index[oldest] { oldest = slot }
        }
        var frames: [UInt64] = []
        for place in words { frames.append(ring.word(place)) }
        index[oldest] = keep(hash, RecordedStack(frames, isTruncated: isTruncated))
        return index[oldest]
    }

    private func holds(_ number: UInt32, _ hash: UInt64, _ ring: borrowing RecordRing, _ words: Range<UInt64>) -> Bool {
        let place = Int(number) % Self.capacity
        guard number != 0, stacks[place].number == number, stacks[place].hash == hash,
            stacks[place].stack.frames.count == words.count
        else { return false }
        for (frame, word) in words.enumerated() where stacks[place].stack.frames[frame] != ring.word(word) { return false }
        return true
    }

    private func keep(_ hash: UInt64, _ stack: RecordedStack) -> UInt32 {
        last &+= 1
        if last == 0 || last == .max { last = 1 }
        stacks[Int(last) % Self.capacity] = Kept(number: last, hash: hash, stack: stack)
        return last
    }
}

extension perf_callchain_context {
    fileprivate var word: UInt64 { UInt64(truncatingIfNeeded: rawValue) }
}
