public import FaultModel
public import WireProtocol

/// Puts faults, which come CPU by CPU, into order of time, with the gaps among them.
///
/// Nothing is dropped. What the agent has declared complete goes out at each `release`; the rest waits for the next
/// one or for `finish`. Sorted input is neither moved nor compared twice.
public struct TimeOrder: Sendable {
    /// What goes out: faults in order, or the gap that stands before the next of them.
    public enum Piece: Sendable {
        case faults(ArraySlice<PageFault>)
        case lost(Lost)
    }

    /// Faults held, unless the caller says otherwise: about 100 MB.
    public static let defaultLimit = 1 << 20

    /// Faults that came after later ones had gone out; they go out at once, out of order.
    public private(set) var lateFaults: UInt64 = 0

    private let limit: Int
    private var held: [PageFault] = []
    /// Where the ascending runs of `held` begin.
    private var runStarts: [Int] = [0]
    private var lastTimeNs: UInt64 = 0
    private var gaps: [Lost] = []
    private var merger = RunMerger()
    /// Everything up to here has gone out.
    private var releasedNs: UInt64 = 0

    /// - Parameter limit: faults held before `relieve` lets some go.
    public init(limit: Int = defaultLimit) { self.limit = max(limit, 2) }

    /// How many faults wait.
    public var heldCount: Int { held.count }

    @inline(__always)
    public mutating func add(_ fault: PageFault) {
        if fault.timeNs < lastTimeNs, !held.isEmpty { runStarts.append(held.count) }
        lastTimeNs = fault.timeNs
        held.append(fault)
    }

    public mutating func add(_ gap: Lost) { gaps.append(gap) }

    // MARK: Handing out

    /// Hands out everything up to a time, for all of it has come.
    ///
    /// - Parameter timeNs: CLOCK_BOOTTIME, included; `Round.completeUntilNs`.
    public mutating func release<Failure: Error>(
        untilNs timeNs: UInt64, to body: (Piece) throws(Failure) -> Void
    ) throws(Failure) {
        sort()
        let end = timeNs == .max ? held.count : firstHeld(from: 0, atLeastNs: timeNs + 1)
        try handOut(end, untilNs: timeNs, to: body)
    }

    /// Hands out the older half of what waits when that is more than the limit, complete or not.
    public mutating func relieve<Failure: Error>(to body: (Piece) throws(Failure) -> Void) throws(Failure) {
        guard held.count > limit else { return }
        sort()
        try release(untilNs: held[held.count / 2].timeNs, to: body)
    }

    /// Hands out all that waits.
    public mutating func finish<Failure: Error>(to body: (Piece) throws(Failure) -> Void) throws(Failure) {
        try release(untilNs: .max, to: body)
    }

    // MARK: Pieces

    private mutating func handOut<Failure: Error>(
        _ end: Int, untilNs timeNs: UInt64, to body: (Piece) throws(Failure) -> Void
    ) throws(Failure) {
        let due = gaps.prefix { $0.firstNs <= timeNs }
        countLate(end)
        releasedNs = max(releasedNs, end > 0 ? held[end - 1].timeNs : 0)
        defer { drop(end, due.count) }
        var next = 0
        for gap in due {
            let place = min(firstHeld(from: next, atLeastNs: gap.firstNs), end)
            if place > next { try body(.faults(held[next..<place])) }
            try body(.lost(gap))
            next = place
        }
        if end > next { try body(.faults(held[next..<end])) }
    }

    private mutating func countLate(_ end: Int) {
        lateFaults += UInt64(min(firstHeld(from: 0, atLeastNs: releasedNs), end))
    }

    private mutating func drop(_ faultCount: Int, _ gapCount: Int) {
        if faultCount == held.count {
            held.removeAll(keepingCapacity: true)
        } else {
            held.removeFirst(faultCount)
        }
        gaps.removeFirst(gapCount)
    }

    private mutating func sort() {
        if runStarts.count > 1 { merger.merge(&held, starts: &runStarts) }
        lastTimeNs = held.last?.timeNs ?? 0
        if gaps.count > 1 { gaps.sort { $0.firstNs < $1.firstNs } }
    }

    /// The place of the first held fault from `start` on that is not earlier than a time; `held` is sorted.
    private func firstHeld(from start: Int, atLeastNs timeNs: UInt64) -> Int {
        var (low, high) = (start, held.count)
        while low < high {
            let middle = (low + high) / 2
            if held[middle].timeNs < timeNs { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
