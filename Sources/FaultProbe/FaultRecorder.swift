import CLibbpf
public import FaultModel

/// A running trace, through BPF or through perf's own ring. It lasts as long as this object.
public final class FaultRecorder {
    public let source: FaultSource
    private let bpf: BPFRecorder

    /// Attaches in the best way that works. When it returns, each fault that passes the filter is recorded or counted as
    /// lost.
    ///
    /// - Parameter handler: called from `drain` with each record.
    /// - Throws: what kept the last way that was tried from working.
    public init(_ request: ProbeRequest, handler: @escaping RecordHandler) throws(ProbeError) {
        libbpf_log_capture()
        source = request.source
        bpf = try BPFRecorder.start(request, handler: handler)
    }

    public var transport: Transport { bpf.geometry.transport }
    /// All CPUs together, as the kernel took it.
    public var bufferSize: UInt64 { bpf.geometry.totalBytes }
    /// What each fault tells, and what not and why: together every column.
    public var columns: [Column] { bpf.columns }
    public var missing: [MissingColumn] { bpf.missing }
    /// The way that worked, for people.
    public var way: String { bpf.plan.name + ", " + transport.name }

    /// Becomes readable when the buffer is half full; to be watched for edges.
    public var descriptor: Int32 { bpf.descriptor }

    /// Hands out what has come. Returns whether the handler took everything.
    public func drain() -> Bool { bpf.drain() }

    /// What was lost on each CPU since the last call; empty when nothing was.
    public func newLosses() -> [LossReport] { bpf.newLosses() }

    /// Children whose faults could not be followed, because `processes` was full.
    public var notFollowed: UInt64 { bpf.notFollowed }

    /// Opens perf events on CPUs that have come online since.
    public func attachToNewCPUs() throws(ProbeError) { try bpf.attachToNewCPUs() }

    /// Stops recording; what the buffer holds can still be drained.
    public func detach() { bpf.detach() }

    /// After the last drain: hands out the faults that were under way when recording stopped.
    public func flushPending() { bpf.flushPending() }
}
