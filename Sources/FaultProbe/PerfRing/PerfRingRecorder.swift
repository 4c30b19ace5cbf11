import CLibbpf
import CLinux
import FaultModel

/// A running trace through perf's own rings, without BPF: on each CPU one ring of faults, one of outcomes, one of what threads
/// do. It lasts as long as this object.
final class PerfRingRecorder {
    private let reader: RingReader
    private let joiner: FaultJoiner
    private let filter: RecordFilter
    private let kinds: [RingKind]
    private let sizes: RingSizes
    private let follows: Bool
    /// Why no fault is followed to its end; nil: each is.
    private let endMissing: String?
    /// nil: records bear no stacks.
    private let stacks: StackTable?
    private let sampled: StackKinds
    private var rings: [PerfRing] = []
    private var isDetached = false

    /// Opens the rings, smaller ones if the limits of locked memory do not allow those that were asked for. When it
    /// returns, each fault is recorded or counted as lost.
    ///
    /// - Parameter handler: called from `drain` with each record that passes the filter.
    init(_ request: ProbeRequest, _ handler: @escaping RecordHandler) throws(ProbeError) {
        guard request.filter.uids.isEmpty, request.filter.excludedUids.isEmpty else {
            throw ProbeError(
                .choose, request.source.name, detail: "perf does not tell of setuid(2); filter by process or name instead")
        }
        let settings = try KernelFilter(request, wakeAtBytes: 0)
        follows = settings.follows
        filter = RecordFilter(settings)
        endMissing = request.endLeftOut ?? Self.kernelShortcoming
        let waitsForEnd = endMissing == nil
        let sampled = request.stacks
        self.sampled = sampled
        stacks = sampled.isEmpty ? nil : StackTable(depth: StackDepth.allowed())
        joiner = FaultJoiner(filter, waitsForEnd: waitsForEnd, facts: .live, stacks: stacks, handler: handler)
        reader = RingReader(joiner)
        kinds = waitsForEnd ? [.tasks, .outcomes, .faults] : [.tasks, .faults]
        (rings, sizes) = try Self.open(
            kinds, sampled,
            RingSizes(
                BufferGeometry(.perfRing, requested: request.bufferSize), wantsOutcome: waitsForEnd,
                page: UInt64(linux_page_size())))
        descriptor = linux_epoll()
        guard descriptor >= 0 else { throw ProbeError(.openBuffer, "epoll", result: descriptor) }
        start(rings)
    }

    deinit { linux_close(descriptor) }

    // MARK: What it is

    /// What this trace does not tell, and why.
    var missing: [MissingColumn] {
        Column.allCases.compactMap { column in missingReason(column).map { MissingColumn(column, reason: $0) } }
    }

    private func missingReason(_ column: Column) -> String? {
        switch column {
        case .access, .present: "the processor's error code would tell, and perf's samples do not carry it"
        case .errorCode: "perf's samples do not carry it"
        case .outcome, .latency, .cause: endMissing
        default: nil
        }
    }

    private var waitsForEnd: Bool { endMissing == nil }

    /// "arm64: mm: Update perf accounting to handle poison faults" (0e3a9026396c, 4.13) moved the event to a fault's beginning.
    private static var kernelShortcoming: String? {
        #if arch(arm64)
        KernelVersion(4, 13).isAfterRunning ? "before 4.13 arm64 fires PAGE_FAULTS only when a fault has ended" : nil
        #else
        nil
        #endif
    }

    /// All rings together.
    var bufferSize: UInt64 {
        var bytes: UInt64 = 0
        for ring in rings where !ring.isDead { bytes += ring.bytes }
        return bytes
    }

    /// For people.
    var way: String {
        waitsForEnd ? "PAGE_FAULTS with _MIN and _MAJ on each CPU" : "PAGE_FAULTS on each CPU"
    }

    // MARK: Reading

    /// Becomes readable when a ring is half full; to be watched for edges.
    let descriptor: Int32

    /// Hands out what has come. Returns false when the handler asked for a pause.
    func drain() -> Bool { reader.drain(until: isDetached ? .max : linux_monotonic_ns()) }

    /// What was lost on each CPU since the last call; before the filter was asked, so that fewer may have been wanted.
    func newLosses() -> [LossReport] {
        var reports: [LossReport] = []
        for ring in rings where ring.kind == .faults {
            if let report = ring.newLosses(isOver: isDetached) { reports.append(report) }
        }
        if let undecided = joiner.takeUndecided() { reports.append(undecided) }
        return reports
    }

    /// Forks that may have gone unseen, and their children with them; at most so many.
    var notFollowed: UInt64 { follows ? reader.lostTasks : 0 }

    var heldBack: UInt64 { filter.heldBack }

    /// Hands out the faults that have not ended. To be called once, after the last `drain`.
    func flushPending() { joiner.flush() }

    /// Stops recording; what the rings hold can still be drained.
    func detach() {
        isDetached = true
        for kind in kinds.reversed() { turn(rings, on: false, kind) }
    }

    func stack(_ id: UInt32) -> RecordedStack? { stacks?.stack(id) }

    // MARK: CPUs

    /// Opens rings on CPUs that have come online since; phones take theirs off and on all the time.
    func attachToNewCPUs() throws(ProbeError) {
        guard !isDetached else { return }
        dropSpentRings()
        for ring in rings where !ring.isDead { ring.lookForDeath() }
        for cpu in 0..<libbpf_num_possible_cpus() where !rings.serve(cpu) {
            let new = try PerfRing.open(kinds, sampled, cpu: cpu) { sizes.bytes($0) }
            for ring in new { rings.append(ring) }
            if !new.isEmpty { start(new) }
        }
    }

    /// Closes the rings of CPUs that went away, once they have been read to the end.
    private func dropSpentRings() {
        var kept: [PerfRing] = []
        for ring in rings where !ring.isDead || !ring.records.pointee.isEmpty { kept.append(ring) }
        if kept.count == rings.count { return }
        read(kept)
        rings = kept
    }

    /// Outcomes and names come on before faults do, so that none is missed.
    private func start(_ new: [PerfRing]) {
        for ring in new { _ = linux_watch(descriptor, ring.descriptor, false) }
        for kind in kinds { turn(new, on: true, kind) }
        read(rings)
    }

    private func read(_ rings: [PerfRing]) {
        var records: [UnsafeMutablePointer<RecordRing>] = []
        for ring in rings { records.append(ring.records) }
        reader.read(records)
    }

    private func turn(_ rings: [PerfRing], on: Bool, _ kind: RingKind) {
        for ring in rings where ring.kind == kind { ring.turn(on: on) }
    }

    /// All CPUs' rings, as large as the limits allow.
    private static func open(
        _ kinds: [RingKind], _ stacks: StackKinds, _ sizes: RingSizes
    ) throws(ProbeError) -> ([PerfRing], RingSizes) {
        var sizes = sizes
        while true {
            do throws(ProbeError) {
                let fitting = sizes
                return (try PerfRing.openOnEachCPU(kinds, stacks) { fitting.bytes($0) }, sizes)
            } catch {
                guard error.step == .openBuffer, let half = sizes.half else { throw error }
                sizes = half
            }
        }
    }
}
