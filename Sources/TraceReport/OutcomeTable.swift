import FaultModel

/// Faults by how they ended.
struct OutcomeTable: Sendable {
    private let steps = Step.table
    /// By the outcome's number; zero: not known.
    private var sums = [GroupSum](repeating: GroupSum(keepsLatencies: true), count: 4)

    mutating func add(_ faults: UnsafeBufferPointer<PageFault>) {
        sums.withUnsafeMutableBufferPointer { sums in
            for fault in faults.indices {
                let traits = faults[fault].kind.traits.rawValue
                sums[Int(traits >> 6)].add(steps[Int(traits)], latencyNs: faults[fault].latencyNs)
            }
        }
    }

    /// Those that occurred.
    var known: [(outcome: FaultOutcome?, sum: GroupSum)] {
        sums.enumerated().filter { $0.element.events > 0 }.map { (FaultOutcome(rawValue: UInt8($0.offset)), $0.element) }
    }
}
