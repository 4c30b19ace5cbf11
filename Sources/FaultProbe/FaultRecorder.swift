import CLibbpf
public import FaultModel

/// A running trace, through BPF or through perf's own rings. It lasts as long as this object.
public final class FaultRecorder {
    public let source: FaultSource
    private let engine: Engine

    private enum Engine {
        case bpf(BPFRecorder)
        case ring(PerfRingRecorder)
    }

    /// Attaches in the best way that works. When it returns, each fault that passes the filter is recorded or counted as
    /// lost.
    ///
    /// - Parameter handler: called from `drain` with each record.
    /// - Throws: what kept the last way that was tried from working.
    public init(_ request: ProbeRequest, handler: @escaping RecordHandler) throws(ProbeError) {
        libbpf_log_capture()
        source = request.source
        switch source {
        case .tracepoint, .fentry, .kprobe, .perfBPF: engine = .bpf(try BPFRecorder.start(request, handler: handler))
        case .perfRing:
            guard request.transport ?? .perfRing == .perfRing else {
                throw ProbeError(.choose, source.name, detail: "it has a transport of its own; leave out --transport")
            }
            engine = .ring(try PerfRingRecorder(request, handler))
        }
    }

    // MARK: What it is

    public var transport: Transport {
        switch engine {
        case .bpf(let recorder): recorder.geometry.transport
        case .ring: .perfRing
        }
    }

    /// All CPUs together, as the kernel took it.
    public var bufferSize: UInt64 {
        switch engine {
        case .bpf(let recorder): recorder.tally?.bytes ?? recorder.geometry.totalBytes
        case .ring(let recorder): recorder.bufferSize
        }
    }

    /// What each fault tells.
    public var columns: [Column] { missing.otherColumns }

    /// Every other column, and why.
    public var missing: [MissingColumn] {
        switch engine {
        case .bpf(let recorder): recorder.missing
        case .ring(let recorder): recorder.missing
        }
    }

    /// The way that worked, for people.
    public var way: String {
        switch engine {
        case .bpf(let recorder): recorder.plan.name + ", " + transport.name
        case .ring(let recorder): recorder.way
        }
    }

    // MARK: Reading

    /// Becomes readable when a buffer is half full; to be watched for edges.
    public var descriptor: Int32 {
        switch engine {
        case .bpf(let recorder): recorder.descriptor
        case .ring(let recorder): recorder.descriptor
        }
    }

    /// Hands out what has come. Returns whether the handler took everything.
    public func drain() -> Bool {
        switch engine {
        case .bpf(let recorder): recorder.drain()
        case .ring(let recorder): recorder.drain()
        }
    }

    /// What was lost on each CPU since the last call; empty when nothing was.
    public func newLosses() -> [LossReport] {
        switch engine {
        case .bpf(let recorder): recorder.newLosses()
        case .ring(let recorder): recorder.newLosses()
        }
    }

    /// The counts, where the kernel makes them; nil: each fault is recorded.
    public var tally: TallyMap? {
        switch engine {
        case .bpf(let recorder): recorder.tally
        case .ring: nil
        }
    }

    /// Children whose faults could not be followed.
    public var notFollowed: UInt64 {
        switch engine {
        case .bpf(let recorder): recorder.notFollowed
        case .ring(let recorder): recorder.notFollowed
        }
    }

    /// Faults that passed the filter and that its rate limit held back.
    public var heldBack: UInt64 {
        switch engine {
        case .bpf(let recorder): recorder.heldBack
        case .ring(let recorder): recorder.heldBack
        }
    }

    // MARK: Stacks

    /// The stack that a record bears by this number, which is neither FAULT_STACK_NONE nor _LOST; nil where it is gone.
    public func stack(_ id: UInt32) -> RecordedStack? {
        switch engine {
        case .bpf(let recorder): recorder.stack(id)
        case .ring(let recorder): recorder.stack(id)
        }
    }

    /// Makes room for new stacks where that is due. To be called after each drain.
    ///
    /// - Returns: the stacks that are gone; nil: none.
    public func tidyStacks() -> GoneStacks? {
        switch engine {
        case .bpf(let recorder): recorder.tidyStacks()
        case .ring: nil
        }
    }

    // MARK: Over time

    /// Attaches to CPUs that have come online since.
    public func attachToNewCPUs() throws(ProbeError) {
        switch engine {
        case .bpf(let recorder): try recorder.attachToNewCPUs()
        case .ring(let recorder): try recorder.attachToNewCPUs()
        }
    }

    /// Stops recording; what the buffers hold can still be drained.
    public func detach() {
        switch engine {
        case .bpf(let recorder): recorder.detach()
        case .ring(let recorder): recorder.detach()
        }
    }

    /// After the last drain: hands out the faults that were under way when recording stopped.
    public func flushPending() {
        switch engine {
        case .bpf(let recorder): recorder.flushPending()
        case .ring(let recorder): recorder.flushPending()
        }
    }
}
