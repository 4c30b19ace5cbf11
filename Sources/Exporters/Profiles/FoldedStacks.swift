public import FaultModel
public import TraceModel
public import WireProtocol

/// Folded stacks, as flamegraph.pl, inferno and speedscope take them: `process;outermost;…;leaf 42`, sorted.
///
/// Functions of the kernel bear `_[k]`, by which flame graphs colour them. Without stacks the instruction's function stands for one.
/// What no name is known of goes by its mapping, as `[libc.so.6]`. Where one in N faults is let through each counts as N; what was lost
/// has no stack and is the line `[lost]`.
public struct FoldedStacks: LineFormat {
    /// What the numbers at the ends of lines are.
    public enum Weight: String, CaseIterable, Sendable {
        case faults
        /// Nanoseconds spent in them. Stacks without any have no line.
        case latency
    }

    private let weight: Weight
    private var tally = StackTally(byCause: false)
    private var sampleEvery: UInt64 = 1
    private var lostCount: UInt64 = 0

    public init(weight: Weight = .faults) { self.weight = weight }

    public mutating func begin(_ session: TraceSession, to text: inout TextBuffer) { sampleEvery = UInt64(session.sampleEvery) }

    public mutating func fault(_ fault: PageFault, _ names: TraceNames, to text: inout TextBuffer) {
        tally.add(fault, names, weight: sampleEvery)
    }

    public mutating func lost(_ gap: Lost, to text: inout TextBuffer) { lostCount = lostCount.addingOrMax(gap.count) }

    public mutating func finish(_ summary: TraceSummary, to text: inout TextBuffer) {
        var lines = lines(summary.names)
        if lostCount > 0, weight == .faults { lines["[lost]", default: 0] += lostCount }
        for (line, value) in lines.sorted(by: { $0.key < $1.key }) where value > 0 {
            text.append(text: line)
            text.append(UInt8(ascii: " "))
            text.decimal(value)
            text.append(UInt8(ascii: "\n"))
        }
    }

    /// Stacks that differ in places within the same functions are one line.
    private func lines(_ names: TraceNames) -> [String: UInt64] {
        let stacks = tally.stacks.map { $0.reversed().map { words(names.named($0)) }.joined(separator: ";") }
        var lines: [String: UInt64] = [:]
        for (group, sum) in tally.sums {
            let line = words(tally.processes[Int(group.process)]) + ";" + stacks[Int(group.stack)]
            let value = weight == .faults ? sum.faults : sum.latencyNs
            lines[line] = (lines[line] ?? 0).addingOrMax(value)
        }
        return lines
    }

    private func words(_ frame: NamedFrame) -> String { words(frame.function) + (frame.isKernel ? "_[k]" : "") }

    /// A name without what separates frames and lines.
    private func words(_ name: String) -> String {
        String(name.map { $0 == ";" ? ":" : $0.isNewline ? " " : $0 })
    }
}
