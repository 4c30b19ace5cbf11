import FaultModel

/// The faults that took longest.
struct WorstFaults: Sendable {
    static let limit = 10

    /// Those first that took longest.
    private(set) var faults: [PageFault] = []

    @inline(__always)
    mutating func add(_ fault: PageFault) {
        guard let latencyNs = fault.latencyNs, faults.count < Self.limit || latencyNs > faults[Self.limit - 1].latencyNs ?? 0 else { return }
        insert(fault, latencyNs)
    }

    private mutating func insert(_ fault: PageFault, _ latencyNs: UInt64) {
        if faults.count == Self.limit { faults.removeLast() }
        let place = faults.firstIndex { $0.latencyNs ?? 0 < latencyNs } ?? faults.count
        faults.insert(fault, at: place)
    }
}
