import CLinux
import FaultModel

/// How large the kernel's buffer is, in the units of each transport.
struct BufferGeometry: Equatable {
    let transport: Transport
    private let pageSize: UInt64
    private let cpus: UInt64
    private let requested: UInt64

    /// - Parameter requested: bytes for all CPUs together.
    init(_ transport: Transport, requested: UInt64, pageSize: Int, cpus: Int) {
        self.transport = transport
        self.pageSize = UInt64(pageSize)
        self.cpus = UInt64(max(1, cpus))
        self.requested = min(requested, 1 << 30)
    }

    /// This machine's.
    init(_ transport: Transport, requested: UInt64) {
        self.init(
            transport, requested: requested, pageSize: Int(linux_page_size()), cpus: Int(linux_cpu_count()))
    }

    /// A BPF ring buffer takes a power of two of at least one page (kernel/bpf/ringbuf.c, ringbuf_map_alloc).
    var ringBytes: UInt32 { UInt32(powerOfTwo(atLeast: max(requested, pageSize))) }

    /// A perf buffer takes a power of two of pages for each CPU (perf_event_open(2), "MMAP layout").
    var pagesPerCPU: Int { Int(powerOfTwo(atLeast: max(1, (requested + cpus * pageSize - 1) / (cpus * pageSize)))) }

    /// The bytes that stand ready for records.
    var totalBytes: UInt64 {
        switch transport {
        case .ringbuf: UInt64(ringBytes)
        case .perfbuf, .perfRing: UInt64(pagesPerCPU) * pageSize * cpus
        }
    }

    /// Bytes at which one perf buffer wakes its reader.
    var halfOfOneCPU: UInt64 { UInt64(pagesPerCPU) * pageSize / 2 }

    private func powerOfTwo(atLeast value: UInt64) -> UInt64 {
        value <= 1 ? 1 : 1 << UInt64(UInt64.bitWidth - (value - 1).leadingZeroBitCount)
    }
}
