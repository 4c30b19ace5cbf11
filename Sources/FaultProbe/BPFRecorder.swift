import CFaultRecord
import CLibbpf
import CLinux
import FaultModel

/// Programs attached, a buffer being filled. It lasts as long as this object.
final class BPFRecorder {
    let plan: AttachPlan
    let geometry: BufferGeometry
    /// Why no fault is followed to its end; nil: each is.
    let endMissing: String?

    private let object: BPFObject
    private let reader: RecordReader
    private let losses: LossCounter
    /// nil: records bear no stacks.
    private let stacks: StackMaps?
    /// nil: faults are recorded.
    let tally: TallyMap?
    private let handler: RecordHandler
    /// What the programs apply, for the faults whose end they did not see.
    private let unended: RecordFilter
    /// In the order in which they are to be detached.
    private var links: [BPFLink] = []
    /// Attachments that each new CPU needs.
    private var cpuAttachments: [Attachment] = []
    private var eventCPUs: Set<Int32> = []
    /// What was recorded before then, CLOCK_MONOTONIC, has been handed out.
    private var drainedNs: UInt64 = 0

    /// Loads and attaches what `setup` names. When it returns, each fault that passes the filter is recorded or counted
    /// as lost.
    ///
    /// - Parameter endMissing: why the set-up leaves out the ends, if it does.
    init(
        _ setup: BPFSetup, _ request: ProbeRequest, endMissing: String?, _ handler: @escaping RecordHandler
    ) throws(BPFFailure) {
        plan = setup.plan
        geometry = setup.geometry
        self.endMissing = endMissing
        self.handler = handler
        do throws(ProbeError) {
            let filter = try KernelFilter(request, flow: setup.flow(request.stacks), wakeAtBytes: setup.geometry.totalBytes / 2)
            unended = RecordFilter(filter)
            object = try setup.loaded(filter, request)
            reader = try RecordReader(setup.geometry, map: object.map("events"), handler: handler)
            losses = LossCounter(try object.map("counters"))
            stacks = try setup.stackMaps(object, filter, request.stacks)
            tally = setup.tally == nil
                ? nil
                : TallyMap(
                    try object.map("tally"), try object.map("shortcuts"), rows: setup.tallyCapacity, try object.map("filter"),
                    filter.settings)
        } catch {
            throw BPFFailure(.load, error)
        }
        for stage in BPFStage.attaching { try attach(stage, setup.attachments(stage, request)) }
        // The base came last: it must be the first to go, or what begins would never be seen to end.
        links.reverse()
    }

    // MARK: Reading

    var descriptor: Int32 { reader.descriptor }

    func drain() -> Bool {
        let beganNs = linux_monotonic_ns()
        let isComplete = reader.drain()
        if isComplete { drainedNs = beganNs }
        return isComplete
    }

    func newLosses() -> [LossReport] { losses.new(overwritten: reader.overwritten) }
    var notFollowed: UInt64 { losses.notFollowed }
    var heldBack: UInt64 { losses.heldBack + unended.heldBack }

    func stack(_ id: UInt32) -> RecordedStack? { stacks?.stack(id) }

    func tidyStacks() -> GoneStacks? {
        stacks?.tidy(drainedNs: drainedNs) { gone in
            pendingFaults.contains { gone.contains($0.record.user_stack) || gone.contains($0.record.kernel_stack) }
        }
    }

    func detach() {
        while !links.isEmpty { links.removeFirst() }
    }

    /// Hands out the faults that were under way when the programs were detached: how they ended is not known.
    func flushPending() {
        for pending in pendingFaults where unended.wants(ended: pending.record) {
            _ = withUnsafeBytes(of: pending.record) { handler($0.baseAddress!) }
        }
    }

    /// Those that are under way.
    private var pendingFaults: PendingFaults {
        PendingFaults(plan.needsEnd || endMissing == nil ? try? object.map("pending") : nil)
    }

    // MARK: Attaching

    private func attach(_ stage: BPFStage, _ attachments: [Attachment]) throws(BPFFailure) {
        do throws(ProbeError) {
            for attachment in attachments { try attach(attachment) }
        } catch {
            throw BPFFailure(stage, error)
        }
    }

    private func attach(_ attachment: Attachment) throws(ProbeError) {
        switch attachment {
        case .bySection(let name): links.append(try object.program(name).attach())
        case .onFunction(let name, let functions): links.append(try object.program(name).attach(toFirstOf: functions))
        case .onEachCPU:
            cpuAttachments.append(attachment)
            for cpu in 0..<libbpf_num_possible_cpus() {
                if try attach(attachment, on: cpu) { eventCPUs.insert(cpu) }
            }
        }
    }

    /// Opens the perf events on CPUs that have come online since; phones take theirs off and on all the time.
    func attachToNewCPUs() throws(ProbeError) {
        guard !cpuAttachments.isEmpty else { return }
        for cpu in 0..<libbpf_num_possible_cpus() where !eventCPUs.contains(cpu) {
            for attachment in cpuAttachments where try attach(attachment, on: cpu) { eventCPUs.insert(cpu) }
        }
    }

    /// Returns whether the CPU is online.
    private func attach(_ attachment: Attachment, on cpu: Int32) throws(ProbeError) -> Bool {
        guard case .onEachCPU(let name, let event) = attachment else { return false }
        let descriptor = linux_open_software_event(event.rawValue, cpu)
        if descriptor == -ENODEV { return false }
        guard descriptor >= 0 else { throw ProbeError(.openPerfEvent, event.name, result: descriptor) }
        do throws(ProbeError) {
            links.append(try object.program(name).attach(perfEvent: descriptor))
        } catch {
            linux_close(descriptor)
            throw error
        }
        return true
    }
}

/// The active entries of the map `pending`.
private struct PendingFaults: Sequence, IteratorProtocol {
    private let map: Int32
    private var key: UInt32?

    /// - Parameter map: nil: no fault waits for its end.
    init(_ map: BPFMap?) { self.map = map?.descriptor ?? -1 }

    mutating func next() -> fault_pending? {
        while advance() {
            var (key, value) = (self.key!, fault_pending())
            if bpf_map_lookup_elem(map, &key, &value) == 0, value.active != 0 { return value }
        }
        return nil
    }

    private mutating func advance() -> Bool {
        var next: UInt32 = 0
        let result: Int32
        if var key {
            result = bpf_map_get_next_key(map, &key, &next)
        } else {
            result = bpf_map_get_next_key(map, nil, &next)
        }
        key = next
        return result == 0
    }
}
