import CFaultRecord
import CLibbpf
import CLinux

/// Reads all rings as one stream in order of time and tells the joiner what happened.
///
/// What a thread did before something else it had written before that too, on whatever CPU. So a drain that leaves what is
/// stamped after its beginning sees of everything it reads also what led to it, without a margin.
final class RingReader {
    private let joiner: FaultJoiner
    private var rings: [UnsafeMutablePointer<RecordRing>] = []
    private var heap: RingHeap = RingHeap(capacity: 0)
    /// Records of the tasks rings that are gone.
    private(set) var lostTasks: UInt64 = 0

    init(_ joiner: FaultJoiner) { self.joiner = joiner }

    /// - Parameter rings: all of them; none may end before it is replaced here.
    func read(_ rings: [UnsafeMutablePointer<RecordRing>]) {
        self.rings = rings
        heap = RingHeap(capacity: rings.count)
    }

    /// Hands on what was stamped up to a moment. Returns false when the handler asked for a pause.
    func drain(until endNs: UInt64) -> Bool {
        heap.clear()
        joiner.isInDoubt = false
        for ring in rings { prepare(ring, endNs) }
        defer { for ring in rings { ring.pointee.release() } }
        while let ring = heap.first {
            let goesOn = take(ring)
            ring.pointee.advance()
            heap.settleFirst(stays: isDue(ring, endNs))
            if !goesOn { return false }
        }
        return true
    }

    private func prepare(_ ring: UnsafeMutablePointer<RecordRing>, _ endNs: UInt64) {
        ring.pointee.refresh()
        if isDue(ring, endNs) { heap.insert(ring) }
        if ring.pointee.kind == .outcomes, ring.pointee.mayHideLosses { joiner.isInDoubt = true }
    }

    @inline(__always)
    private func isDue(_ ring: UnsafeMutablePointer<RecordRing>, _ endNs: UInt64) -> Bool {
        !ring.pointee.isEmpty && ring.pointee.key >> 2 <= endNs
    }

    // MARK: Records

    @inline(__always)
    private func take(_ ring: UnsafeMutablePointer<RecordRing>) -> Bool {
        if ring.pointee.isSample {
            ring.pointee.tally.countSample()
            return ring.pointee.kind == .faults ? takeFault(ring) : takeOutcome(ring)
        }
        if ring.pointee.isLost {
            takeLost(ring)
            return true
        }
        return ring.pointee.kind == .tasks ? takeTask(ring.pointee) : true
    }

    @inline(__always)
    private func takeFault(_ ring: UnsafeMutablePointer<RecordRing>) -> Bool {
        let (pid, tid) = ring.pointee.word(2).halves
        return joiner.began(
            Beginning(
                pid: pid, tid: tid, timeNs: ring.pointee.key >> 2, address: untagged(ring.pointee.word(4)),
                ip: ring.pointee.word(1), cpu: ring.pointee.cpu, mode: ring.pointee.mode),
            in: ring)
    }

    @inline(__always)
    private func takeOutcome(_ ring: UnsafeMutablePointer<RecordRing>) -> Bool {
        joiner.ended(
            tid: ring.pointee.word(1).halves.1, timeNs: ring.pointee.key >> 2, address: untagged(ring.pointee.word(3)),
            outcome: ring.pointee.words > 4 ? FAULT_OUTCOME_MAJOR : FAULT_OUTCOME_MINOR)
    }

    private func takeTask(_ ring: borrowing RecordRing) -> Bool {
        let (pid, parent) = ring.word(1).halves
        let (tid, parentThread) = ring.word(2).halves
        switch ring.type {
        case PERF_RECORD_FORK.rawValue:
            return joiner.forked(pid: pid, tid: tid, by: (parent, parentThread), timeNs: ring.timeNs)
        case PERF_RECORD_EXIT.rawValue: return joiner.exited(tid: tid)
        case PERF_RECORD_COMM.rawValue: return takeName(ring)
        default: return true
        }
    }

    /// `header, pid and tid, name in one or two words, who did it, time`
    private func takeName(_ ring: borrowing RecordRing) -> Bool {
        let (pid, tid) = ring.word(1).halves
        let isLong = ring.words > 5
        return joiner.renamed(
            pid: pid, tid: tid, by: ring.word(ring.words - 2).halves.1, to: (ring.word(2), isLong ? ring.word(3) : 0),
            isExec: ring.misc & UInt64(PERF_RECORD_MISC_COMM_EXEC) != 0)
    }

    // MARK: What is missing

    /// `header, id, count, who was there, time`
    private func takeLost(_ ring: UnsafeMutablePointer<RecordRing>) {
        let (count, endNs) = (ring.pointee.word(2), ring.pointee.timeNs)
        ring.pointee.tally.countLost(count, from: ring.pointee.previousNs, to: endNs)
        switch ring.pointee.kind {
        case .tasks:
            lostTasks += count
            joiner.tasksLost()
        case .outcomes: joiner.outcomesLost(until: endNs)
        case .faults, .memory: break
        }
    }
}

extension UInt64 {
    /// The two numbers in a word, lower address first.
    var halves: (UInt32, UInt32) { (UInt32(truncatingIfNeeded: self), UInt32(truncatingIfNeeded: self >> 32)) }
}

/// An address without the tag that arm64 ignores in the top byte: bit 55 says which half of memory it is in.
@inline(__always)
private func untagged(_ address: UInt64) -> UInt64 {
    #if arch(arm64)
    UInt64(bitPattern: Int64(bitPattern: address << 8) >> 8)
    #else
    address
    #endif
}
