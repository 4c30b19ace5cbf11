import FaultModel

/// Faults over time, in steps of equal length that grow with the trace.
public struct Timeline: Equatable, Sendable {
    /// Steps at the most, and at the least half of that once so many have been needed.
    public static let stepLimit = 128
    private static let firstShift: UInt64 = 16

    /// CLOCK_BOOTTIME: where the first step begins.
    public let startNs: UInt64
    public private(set) var steps: [UInt64] = []
    private var shift = firstShift

    public init(startNs: UInt64) { self.startNs = startNs }

    /// How long a step is.
    public var stepNs: UInt64 { 1 << shift }

    mutating func add(_ faults: UnsafeBufferPointer<PageFault>) {
        for fault in faults.indices { add(faults[fault].timeNs) }
    }

    /// Adds a fault; one of before the beginning counts there.
    @inline(__always)
    mutating func add(_ timeNs: UInt64) {
        let place = (timeNs > startNs ? timeNs - startNs : 0) >> shift
        if place < UInt64(steps.count) { steps[Int(place)] &+= 1 } else { grow(timeNs) }
    }

    private mutating func grow(_ timeNs: UInt64) {
        let ns = timeNs > startNs ? timeNs - startNs : 0
        while ns >> shift >= UInt64(Self.stepLimit) { halve() }
        while steps.count <= Int(ns >> shift) { steps.append(0) }
        steps[Int(ns >> shift)] &+= 1
    }

    private mutating func halve() {
        shift += 1
        steps = stride(from: 0, to: steps.count, by: 2).map { steps[$0] &+ ($0 + 1 < steps.count ? steps[$0 + 1] : 0) }
    }
}
