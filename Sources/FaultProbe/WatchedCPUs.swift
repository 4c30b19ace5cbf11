import CFaultRecord
import CLinux

/// The CPUs that have perf events of ours. A CPU that goes offline takes them with it: from then on they are as good as closed, also when
/// it is back, and nothing tells but that the time stands still for which they have been enabled.
struct WatchedCPUs {
    private struct Look {
        let atNs: UInt64
        let enabledNs: UInt64
    }

    private var looks: [Int32: Look] = [:]
    /// Since when those may have had none that have lost them, CLOCK_MONOTONIC.
    private var goneNs: [Int32: UInt64] = [:]

    func contains(_ cpu: Int32) -> Bool { looks[cpu] != nil }

    /// It has its events, from now on.
    ///
    /// - Returns: since when it may have had none; nil: it has never had any.
    @discardableResult mutating func add(_ cpu: Int32, atNs nowNs: UInt64 = linux_monotonic_ns()) -> UInt64? {
        looks[cpu] = Look(atNs: nowNs, enabledNs: 0)
        return goneNs.removeValue(forKey: cpu)
    }

    /// Looks whether they all still count.
    ///
    /// - Parameter enabledNs: for how long a CPU's events have been enabled.
    /// - Returns: the CPUs whose events are dead, which have none from now on.
    mutating func look(atNs nowNs: UInt64 = linux_monotonic_ns(), _ enabledNs: (Int32) -> UInt64) -> [Int32] {
        var dead: [Int32] = []
        for (cpu, last) in looks {
            let now = Look(atNs: nowNs, enabledNs: enabledNs(cpu))
            if now.enabledNs > last.enabledNs { looks[cpu] = now } else { dead.append(cpu) }
        }
        for cpu in dead { goneNs[cpu] = looks.removeValue(forKey: cpu)?.atNs }
        return dead
    }
}

/// While a CPU that is back had no events of ours, nobody saw its faults end, and they were called failed. How they ended is not known.
final class BlindSpell {
    private let wanted: RecordFilter
    private var beganNs: UInt64 = 0
    private var endedNs: UInt64 = 0

    /// - Parameter wanted: what of those faults passes.
    init(_ wanted: RecordFilter) { self.wanted = wanted }

    func lasted(from beganNs: UInt64, until endedNs: UInt64) { (self.beganNs, self.endedNs) = (beganNs, endedNs) }

    /// Hands a record on, with what may be said of it.
    @inline(__always)
    func hand(_ bytes: UnsafeRawPointer, to handler: RecordHandler) -> Bool {
        let timeNs = bytes.loadUnaligned(as: UInt64.self)
        return timeNs >= endedNs ? handler(bytes) : handOld(bytes, timeNs, handler)
    }

    private func handOld(_ bytes: UnsafeRawPointer, _ timeNs: UInt64, _ handler: RecordHandler) -> Bool {
        var record = bytes.loadUnaligned(as: fault_record.self)
        let outcome = Int32(record.traits) >> FAULT_OUTCOME_SHIFT & 3
        guard timeNs >= beganNs, outcome == Int32(FAULT_OUTCOME_FAILED.rawValue) else { return handler(bytes) }
        record.traits &= ~(3 << UInt8(FAULT_OUTCOME_SHIFT))
        return wanted.wants(ended: record) ? withUnsafeBytes(of: record) { handler($0.baseAddress!) } : true
    }
}
