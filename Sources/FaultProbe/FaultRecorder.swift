import CLibbpf
import CLinux
public import FaultModel

/// A running trace: programs attached, a buffer being filled. It lasts as long as this object.
public final class FaultRecorder {
    public let source: FaultSource
    public var transport: Transport { geometry.transport }
    /// All CPUs together, as the kernel took it.
    public var bufferSize: UInt64 { geometry.totalBytes }

    private let plan: AttachPlan
    private let geometry: BufferGeometry
    private let object: BPFObject
    private let reader: RecordReader
    private let losses: LossCounter
    private var links: [BPFLink] = []
    private var eventCPUs: Set<Int32> = []

    /// Loads and attaches in the best way that works. When it returns, each fault that passes the filter is
    /// recorded or counted as lost.
    ///
    /// - Parameter handler: called from `drain` with each record.
    /// - Throws: what kept the last way that was tried from working.
    public static func start(
        _ request: ProbeRequest, handler: @escaping RecordHandler
    ) throws(ProbeError) -> FaultRecorder {
        libbpf_log_capture()
        var failure = ProbeError(.choose, request.source.name, detail: "no transport serves it")
        for plan in AttachPlan.plans(for: request.source) {
            for transport in Transport.allCases where request.transport ?? transport == transport {
                guard let file = plan.object(for: transport) else { continue }
                let geometry = BufferGeometry(transport, requested: request.bufferSize)
                do throws(ProbeError) {
                    return try FaultRecorder(BPFObject(file), plan, geometry, request, handler)
                } catch {
                    failure = error
                }
            }
        }
        throw failure
    }

    private init(
        _ object: consuming BPFObject, _ plan: AttachPlan, _ geometry: BufferGeometry, _ request: ProbeRequest,
        _ handler: @escaping RecordHandler
    ) throws(ProbeError) {
        let filter = try KernelFilter(request, wakeAtBytes: geometry.totalBytes / 2)
        let programs = plan.programs(for: request.filter.modes)
        try object.prepare(programs, filter, geometry)
        try object.load(request.source.name)
        try object.fill(filter)
        source = request.source
        reader = try RecordReader(geometry, map: object.map("events"), handler: handler)
        losses = LossCounter(try object.map("counters"))
        self.plan = plan
        self.geometry = geometry
        self.object = object
        if filter.follows { links.append(try self.object.program(AttachPlan.followProgram).attach()) }
        try attach(programs)
    }

    /// The way that worked, for people.
    public var way: String { plan.name + ", " + transport.name }

    // MARK: Reading

    /// Becomes readable when the buffer is half full; to be watched for edges.
    public var descriptor: Int32 { reader.descriptor }

    /// Hands out what has come. Returns whether the handler took everything.
    public func drain() -> Bool { reader.drain() }

    /// What was lost on each CPU since the last call; empty when nothing was.
    public func newLosses() -> [LossReport] { losses.new(overwritten: reader.overwritten) }

    /// Children whose faults could not be followed, because `processes` was full.
    public var notFollowed: UInt64 { losses.notFollowed }

    /// Stops recording; what the buffer holds can still be drained.
    public func detach() { links.removeAll() }

    // MARK: Attaching

    private func attach(_ programs: [String]) throws(ProbeError) {
        switch plan {
        case .exceptionsBTF, .exceptionsTracepoint:
            for name in programs { links.append(try object.program(name).attach()) }
        case .pageFaultEvents: try attachToNewCPUs()
        }
    }

    /// Opens the perf event on CPUs that have come online since; phones take theirs off and on all the time.
    public func attachToNewCPUs() throws(ProbeError) {
        guard plan == .pageFaultEvents else { return }
        for cpu in 0..<libbpf_num_possible_cpus() where !eventCPUs.contains(cpu) {
            let event = linux_open_page_faults(cpu)
            if event == -ENODEV { continue }
            guard event >= 0 else { throw ProbeError(.openPerfEvent, "PAGE_FAULTS", result: event) }
            for name in plan.programs(for: []) { try attach(name, event) }
            eventCPUs.insert(cpu)
        }
    }

    private func attach(_ name: String, _ event: Int32) throws(ProbeError) {
        do throws(ProbeError) {
            links.append(try object.program(name).attach(perfEvent: event))
        } catch {
            linux_close(event)
            throw error
        }
    }
}

extension BPFObject {
    /// Chooses programs and sizes maps, before loading.
    borrowing func prepare(
        _ programs: [String], _ filter: KernelFilter, _ geometry: BufferGeometry
    ) throws(ProbeError) {
        for name in programs { try program(name).enable() }
        if filter.follows { try program(AttachPlan.followProgram).enable() }
        try map("processes").resize(filter.processCapacity)
        try map("users").resize(filter.userCapacity)
        if geometry.transport == .ringbuf { try map("events").resize(geometry.ringBytes) }
    }

    /// Fills the maps, after loading.
    borrowing func fill(_ filter: KernelFilter) throws(ProbeError) {
        try map("filter").set(UInt32(0), filter.settings)
        let processes = try map("processes")
        for (pid, marks) in filter.processes { try processes.set(pid, marks) }
        let users = try map("users")
        for (uid, marks) in filter.users { try users.set(uid, marks) }
    }
}
