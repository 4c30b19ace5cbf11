public import FaultModel
import SwiftProtobuf
public import TraceModel
import TraceSchemas
public import WireProtocol

/// A profile for pprof, gzipped: a sample for each process, cause and stack, with its faults and the time in them.
///
/// `process` and `cause` are labels. A location's address is its place in the file of its mapping. Without stacks the instruction's
/// function stands for one; what no name is known of goes by its mapping, as `[libc.so.6]`. Where one in N faults is let through each
/// counts as N. What was lost is told in a comment.
public struct PprofSamples: LineFormat {
    private var tally = StackTally(byCause: true)
    private var sampleEvery: UInt64 = 1

    public init() {}

    public mutating func begin(_ session: TraceSession, to text: inout TextBuffer) { sampleEvery = UInt64(session.sampleEvery) }

    public mutating func fault(_ fault: PageFault, _ names: TraceNames, to text: inout TextBuffer) {
        tally.add(fault, names, weight: sampleEvery)
    }

    public mutating func lost(_ gap: Lost, to text: inout TextBuffer) {}

    public mutating func finish(_ summary: TraceSummary, to text: inout TextBuffer) {
        var profile = ProfileBuilder(summary.names)
        profile.describe(summary)
        for (group, sum) in tally.sums.sorted(by: { $0.key < $1.key }) {
            profile.add(
                tally.stacks[Int(group.stack)], process: tally.processes[Int(group.process)], cause: group.cause?.words,
                faults: sum.faults, latencyNs: sum.latencyNs)
        }
        // Fails for what this schema does not have: required fields, and messages of 2 GiB.
        text.append(Gzip.packed(try! profile.finished.serializedBytes()))
    }
}

extension StackTally.Group: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        (left.process, left.stack, left.cause?.rawValue ?? 0) < (right.process, right.stack, right.cause?.rawValue ?? 0)
    }
}
