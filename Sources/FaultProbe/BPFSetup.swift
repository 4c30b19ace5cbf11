import CFaultObjects
import CFaultRecord
import CLibbpf
import CLinux
import FaultModel

/// How much is attached around a base.
enum BPFExtent: CaseIterable {
    /// Ends and failures.
    case full
    /// Ends without the raw tracepoints (before 4.17): a fault that fails is told at its thread's next one.
    case ends
    /// Nothing: no outcome, no latency.
    case base
}

/// The steps of a start, in their order: the base comes last, so that no fault begins whose end goes unseen.
enum BPFStage {
    case load, follow, failures, ends, access, base

    static let attaching: [BPFStage] = [.follow, .failures, .ends, .access, .base]

    /// Whether leaving something out may help.
    func isOptional(in extent: BPFExtent) -> Bool {
        switch self {
        case .load: extent != .base
        case .failures, .ends: true
        case .follow, .access, .base: false
        }
    }
}

/// Why a set-up did not work, and in which stage.
struct BPFFailure: Error {
    let stage: BPFStage
    let error: ProbeError

    init(_ stage: BPFStage, _ error: ProbeError) {
        self.stage = stage
        self.error = error
    }
}

/// One combination to try.
struct BPFSetup {
    /// Threads whose faults can be followed at once.
    static let pendingFaults: UInt32 = 16384

    let plan: AttachPlan
    let extent: BPFExtent
    let geometry: BufferGeometry
    var pendingCapacity = pendingFaults
    var followedCapacity = KernelFilter.followedProcesses
    /// Stacks that the first map of each set holds.
    var stackCapacity = StackMaps.capacity
    let stackDepth = StackDepth.allowed()

    /// What is counted in the kernel; nil: nothing, each fault is recorded.
    var tally: TallyKey?
    var tallyCapacity: UInt32 = 1

    func flow(_ stacks: StackKinds) -> UInt32 { endFlow | tallyFlow | stackFlow(stacks) }

    private func stackFlow(_ stacks: StackKinds) -> UInt32 {
        let user: Int32 = stacks.contains(.user) ? FAULT_FLOW_USER_STACK : 0
        let kernel: Int32 = stacks.contains(.kernel) ? FAULT_FLOW_KERNEL_STACK : 0
        return UInt32(user | kernel)
    }

    private var tallyFlow: UInt32 {
        switch tally {
        case .process?: UInt32(FAULT_FLOW_TALLY)
        case .thread?: UInt32(FAULT_FLOW_TALLY | FAULT_FLOW_TALLY_THREADS)
        case .place?, nil: 0
        }
    }

    private var endFlow: UInt32 {
        switch extent {
        case .full: UInt32(FAULT_FLOW_PENDING | FAULT_FLOW_SIGNALS)
        case .ends: UInt32(FAULT_FLOW_PENDING)
        case .base: 0
        }
    }

    func attachments(_ stage: BPFStage, _ request: ProbeRequest) -> [Attachment] {
        switch stage {
        case .load: []
        case .follow: request.followsProcesses ? [AttachPlan.followProgram] : []
        case .failures: extent == .full ? plan.failurePrograms : []
        case .ends: extent == .base ? [] : plan.endPrograms
        case .access: plan.accessPrograms
        case .base: plan.basePrograms(for: request.filter.modes)
        }
    }

    /// The object with these programs loaded and its maps filled.
    func loaded(_ filter: KernelFilter, _ request: ProbeRequest) throws(ProbeError) -> BPFObject {
        guard let file = plan.object(for: geometry.transport) else {
            throw ProbeError(.choose, request.source.name, detail: "no transport serves it")
        }
        defer { fault_object_free(file) }
        let object = try BPFObject(file)
        for stage in BPFStage.attaching {
            for attachment in attachments(stage, request) { try object.program(attachment.program).enable() }
        }
        try size(object, filter)
        try sizeStacks(object, request.stacks)
        try object.constants?.initialise(filter.settings)
        try object.load(request.source.name)
        try fill(object, filter)
        return object
    }

    private func size(_ object: borrowing BPFObject, _ filter: KernelFilter) throws(ProbeError) {
        try object.map("processes").resize(filter.processCapacity(followed: followedCapacity))
        try object.map("threads").resize(filter.threadCapacity)
        try object.map("users").resize(filter.userCapacity)
        try object.map("pending").resize(extent == .base ? 1 : pendingCapacity)
        try object.map("tally").resize(tallyCapacity)
        try object.map("shortcuts").resize(tally == nil ? 1 : 2 * UInt32(libbpf_num_possible_cpus()))
        if geometry.transport == .ringbuf { try object.map("events").resize(geometry.ringBytes) }
    }

    private func sizeStacks(_ object: borrowing BPFObject, _ stacks: StackKinds) throws(ProbeError) {
        guard !stacks.isEmpty else { return }
        for (place, name) in StackMaps.names.enumerated() {
            let map = try object.map(name)
            try map.resize(StackMaps.room(place, stackCapacity))
            try map.widen(stackDepth * MemoryLayout<UInt64>.size)
        }
    }

    /// nil: the records bear no stacks.
    func stackMaps(_ object: borrowing BPFObject, _ filter: KernelFilter, _ stacks: StackKinds) throws(ProbeError) -> StackMaps? {
        if stacks.isEmpty { return nil }
        var maps: [Int32] = []
        for name in StackMaps.names { maps.append(try object.map(name).descriptor) }
        return StackMaps(maps, filter: try object.map("filter"), filter.settings, capacity: stackCapacity, depth: stackDepth)
    }

    private func fill(_ object: borrowing BPFObject, _ filter: KernelFilter) throws(ProbeError) {
        try object.map("filter").set(UInt32(0), filter.settings)
        let processes = try object.map("processes")
        for (pid, marks) in filter.processes { try processes.set(pid, marks) }
        let threads = try object.map("threads")
        for (tid, marks) in filter.threads { try threads.set(tid, marks) }
        let users = try object.map("users")
        for (uid, marks) in filter.users { try users.set(uid, marks) }
    }
}
