import CLibbpf
import CLinux
import FaultModel

/// One ring of one CPU, with the events that fill it.
final class PerfRing {
    let kind: RingKind
    let cpu: Int32
    let bytes: UInt64
    let records: UnsafeMutablePointer<RecordRing>
    /// Whether its CPU went away and took the events with it; they do not come back with the CPU.
    private(set) var isDead = false
    private var ring: linux_ring
    private var enabledNs: UInt64 = 0

    /// Opens it; nothing is recorded yet.
    ///
    /// - Parameter stacks: which of them go with faults.
    init(_ kind: RingKind, _ stacks: StackKinds = [], cpu: Int32, bytes: UInt64) throws(ProbeError) {
        var ring = linux_ring()
        let wanted = linux_stacks(
            user: stacks.contains(.user), kernel: stacks.contains(.kernel), depth: UInt16(truncatingIfNeeded: StackDepth.allowed()))
        let opened = linux_ring_open(&ring, linux_ring_kind(kind.rawValue), wanted, cpu, bytes)
        let mapped = opened < 0 ? 0 : linux_ring_map(&ring)
        guard opened >= 0, mapped >= 0 else {
            linux_ring_close(&ring)
            let step: ProbeError.Step = opened < 0 ? .openPerfEvent : .openBuffer
            throw ProbeError(step, kind.name, result: opened < 0 ? opened : mapped)
        }
        self.ring = ring
        (self.kind, self.cpu, self.bytes) = (kind, cpu, bytes)
        records = .allocate(capacity: 1)
        records.initialize(to: RecordRing(ring, kind, cpu: cpu, startNs: linux_monotonic_ns(), hasStacks: !stacks.isEmpty))
    }

    deinit {
        records.deallocate()
        linux_ring_close(&ring)
    }

    /// Becomes readable when the ring is half full.
    var descriptor: Int32 { ring.event }

    func turn(on: Bool) { withUnsafePointer(to: ring) { linux_ring_switch($0, on) } }

    /// Looks whether the CPU still is what it was: time goes on for an event that is there. To be asked now and then while
    /// it is turned on.
    func lookForDeath() {
        guard let count else { return }
        if count.enabled_ns == enabledNs { isDead = true }
        enabledNs = count.enabled_ns
    }

    /// What was lost since the last call.
    ///
    /// - Parameter isOver: nothing comes any more.
    func newLosses(isOver: Bool) -> LossReport? {
        if isOver || isDead, records.pointee.isEmpty, records.pointee.mayHideLosses { countHiddenLosses() }
        return records.pointee.tally.newLosses(cpu: UInt16(truncatingIfNeeded: cpu))
    }

    /// A record tells of losses only when there is room again and the next one comes. But perf counts all that happens. (It counts
    /// a few in a million for which it never writes a record; they are no losses as long as the ring was not full.)
    private func countHiddenLosses() {
        let told = records.pointee.tally.samples + records.pointee.tally.lost
        guard let count, count.events > told else { return }
        records.pointee.tally.countLost(count.events - told, from: records.pointee.previousNs, to: linux_monotonic_ns())
    }

    private var count: linux_ring_count? {
        var count = linux_ring_count()
        return withUnsafePointer(to: ring) { linux_ring_count($0, &count) } == 0 ? count : nil
    }
}

// MARK: - CPUs

extension PerfRing {
    /// The rings of each CPU that is online.
    static func openOnEachCPU(
        _ kinds: [RingKind], _ stacks: StackKinds = [], bytes: (RingKind) -> UInt64
    ) throws(ProbeError) -> [PerfRing] {
        var rings: [PerfRing] = []
        for cpu in 0..<libbpf_num_possible_cpus() {
            for ring in try open(kinds, stacks, cpu: cpu, bytes: bytes) { rings.append(ring) }
        }
        return rings
    }

    /// One CPU's rings; none where it is offline.
    static func open(
        _ kinds: [RingKind], _ stacks: StackKinds = [], cpu: Int32, bytes: (RingKind) -> UInt64
    ) throws(ProbeError) -> [PerfRing] {
        do throws(ProbeError) {
            var rings: [PerfRing] = []
            for kind in kinds { rings.append(try PerfRing(kind, stacks, cpu: cpu, bytes: bytes(kind))) }
            return rings
        } catch {
            if error.errno == ENODEV { return [] }
            throw error
        }
    }
}

extension [PerfRing] {
    /// Whether one of them belongs to the CPU as it is now.
    func serve(_ cpu: Int32) -> Bool {
        for ring in self where ring.cpu == cpu && !ring.isDead { return true }
        return false
    }
}
