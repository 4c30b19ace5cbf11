import FaultModel

/// Sorts faults that consist of a few ascending runs, one batch of one CPU each, and keeps its memory.
struct RunMerger: Sendable {
    private var target: [PageFault] = []

    /// Sorts `faults` by time. Faults of one time stay in the order of their coming.
    ///
    /// - Parameter starts: where each ascending run begins; merging leaves the one run that begins at zero.
    mutating func merge(_ faults: inout [PageFault], starts: inout [Int]) {
        while starts.count > 1 {
            target.removeAll(keepingCapacity: true)
            target.reserveCapacity(faults.count)
            mergeNeighbours(faults, starts)
            swap(&faults, &target)
            starts = starts.indices.filter { $0 % 2 == 0 }.map { starts[$0] }
        }
        target.removeAll(keepingCapacity: true)
    }

    private mutating func mergeNeighbours(_ faults: [PageFault], _ starts: [Int]) {
        for first in stride(from: 0, to: starts.count, by: 2) {
            let middle = first + 1 < starts.count ? starts[first + 1] : faults.count
            let end = first + 2 < starts.count ? starts[first + 2] : faults.count
            merge(faults, starts[first]..<middle, middle..<end)
        }
    }

    private mutating func merge(_ faults: [PageFault], _ left: Range<Int>, _ right: Range<Int>) {
        var (next, other) = (left.lowerBound, right.lowerBound)
        while next < left.upperBound, other < right.upperBound {
            if faults[other].timeNs < faults[next].timeNs {
                target.append(faults[other])
                other += 1
            } else {
                target.append(faults[next])
                next += 1
            }
        }
        target.append(contentsOf: faults[next..<left.upperBound])
        target.append(contentsOf: faults[other..<right.upperBound])
    }
}
