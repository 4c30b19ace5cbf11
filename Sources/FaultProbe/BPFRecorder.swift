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
    private var links: [HeldLink] = []
    /// Attachments that each CPU needs.
    private var cpuAttachments: [Attachment] = []
    /// The CPUs that have theirs.
    private var watchedCPUs = WatchedCPUs()
    private let blindSpell: BlindSpell
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
            let spell = BlindSpell(unended)
            blindSpell = spell
            reader = try RecordReader(setup.geometry, map: object.map("events")) { spell.hand($0, to: handler) }
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
        case .bySection(let name): links.append(HeldLink(try object.program(name).attach()))
        case .onFunction(let name, let functions): links.append(HeldLink(try object.program(name).attach(toFirstOf: functions)))
        case .onEachCPU:
            cpuAttachments.append(attachment)
            for cpu in 0..<libbpf_num_possible_cpus() {
                guard let link = try attach(attachment, on: cpu) else { continue }
                links.append(link)
                watchedCPUs.add(cpu)
            }
        }
    }

    /// Closes the perf events of CPUs that have gone, which do not come back with their CPU, and opens them on those that have come.
    func attachToNewCPUs() throws(ProbeError) {
        guard !cpuAttachments.isEmpty, !links.isEmpty else { return }
        for cpu in watchedCPUs.look(enabledNs) { links.removeAll { $0.cpu == cpu } }
        for cpu in 0..<libbpf_num_possible_cpus() where !watchedCPUs.contains(cpu) { try attach(to: cpu) }
    }

    /// For how long the CPU's events have been enabled.
    private func enabledNs(_ cpu: Int32) -> UInt64 {
        links.first { $0.cpu == cpu }.map { linux_event_enabled_ns($0.event) } ?? 0
    }

    /// All that it needs, or nothing where it is offline.
    private func attach(to cpu: Int32) throws(ProbeError) {
        var new: [HeldLink] = []
        for attachment in cpuAttachments {
            guard let link = try attach(attachment, on: cpu) else { return }
            new.append(link)
        }
        links = new.reversed() + links
        if let goneNs = watchedCPUs.add(cpu) { blindSpell.lasted(from: goneNs, until: linux_monotonic_ns()) }
    }

    /// - Returns: nil when the CPU is offline.
    private func attach(_ attachment: Attachment, on cpu: Int32) throws(ProbeError) -> HeldLink? {
        guard case .onEachCPU(let name, let event) = attachment else { return nil }
        let descriptor = linux_open_software_event(event.rawValue, cpu)
        if descriptor == -ENODEV { return nil }
        guard descriptor >= 0 else { throw ProbeError(.openPerfEvent, event.name, result: descriptor) }
        do throws(ProbeError) {
            return HeldLink(try object.program(name).attach(perfEvent: descriptor), cpu: cpu, event: descriptor)
        } catch {
            linux_close(descriptor)
            throw error
        }
    }
}

/// What is attached, and to which event of which CPU; negative: to none.
private struct HeldLink {
    let link: BPFLink
    let cpu: Int32
    let event: Int32

    init(_ link: BPFLink, cpu: Int32 = -1, event: Int32 = -1) { (self.link, self.cpu, self.event) = (link, cpu, event) }
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
