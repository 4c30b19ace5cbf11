import CFaultRecord
import CLibbpf
import CLinux
import FaultModel

/// Takes one record, which may lie at any address and is gone after the call; false asks the reader to pause, and the
/// record counts as taken.
public typealias RecordHandler = (UnsafeRawPointer) -> Bool

/// Reads records out of either transport's kernel buffer.
final class RecordReader {
    private let handler: RecordHandler
    private var ring: OpaquePointer?
    private var perf: OpaquePointer?
    /// Faults for which perf's own buffer had no room, by its PERF_RECORD_LOST records.
    private(set) var overwritten: UInt64 = 0
    private var paused = false

    /// - Parameter map: `events`, of a kind that fits the transport.
    init(_ geometry: BufferGeometry, map: BPFMap, handler: @escaping RecordHandler) throws(ProbeError) {
        self.handler = handler
        libbpf_log_clear()
        let context = Unmanaged.passUnretained(self).toOpaque()
        switch geometry.transport {
        case .ringbuf: ring = ring_buffer__new(map.descriptor, takeRingRecord, context, nil)
        case .perfRing: break
        case .perfbuf:
            let attributes = linux_bpf_output_attributes(UInt32(geometry.halfOfOneCPU))
            perf = perf_buffer__new_raw(
                map.descriptor, geometry.pagesPerCPU, UnsafeMutablePointer(mutating: attributes), takePerfRecord,
                context, nil)
        }
        if ring == nil, perf == nil {
            throw ProbeError(.openBuffer, map.name, result: linux_last_error(), detail: libbpfWords())
        }
    }

    deinit {
        if let ring { ring_buffer__free(ring) }
        if let perf { perf_buffer__free(perf) }
    }

    /// Becomes readable when a buffer is half full.
    var descriptor: Int32 {
        if let ring { return ring_buffer__epoll_fd(ring) }
        return perf.map { perf_buffer__epoll_fd($0) } ?? -1
    }

    /// Hands out what has come. Returns whether everything was taken.
    func drain() -> Bool {
        paused = false
        if let ring { ring_buffer__consume(ring) }
        if let perf { perf_buffer__consume(perf) }
        return !paused
    }

    @inline(__always)
    fileprivate func take(_ record: UnsafeRawPointer) -> Bool {
        let wantsMore = handler(record)
        if !wantsMore { paused = true }
        return wantsMore
    }

    fileprivate func countOverwritten(_ count: UInt64) { overwritten += count }
}

private func takeRingRecord(
    context: UnsafeMutableRawPointer?, record: UnsafeMutableRawPointer?, size: Int
) -> Int32 {
    guard let context, let record, size >= MemoryLayout<fault_record>.size else { return 0 }
    return Unmanaged<RecordReader>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.take(record) } ? 0 : -1
}

/// `header` is followed by PERF_SAMPLE_RAW's `u32 size` and the record, or in a loss by `u64 id, u64 lost`
/// (perf_event_open(2), "Reading results").
private func takePerfRecord(
    context: UnsafeMutableRawPointer?, cpu: Int32, header: UnsafeMutablePointer<perf_event_header>?
) -> bpf_perf_event_ret {
    guard let context, let header else { return LIBBPF_PERF_EVENT_CONT }
    let body = UnsafeRawPointer(header + 1)
    return Unmanaged<RecordReader>.fromOpaque(context)._withUnsafeGuaranteedRef { reader in
        if header.pointee.type == PERF_RECORD_SAMPLE.rawValue {
            return reader.take(body + 4) ? LIBBPF_PERF_EVENT_CONT : LIBBPF_PERF_EVENT_DONE
        }
        if header.pointee.type == PERF_RECORD_LOST.rawValue {
            reader.countOverwritten(body.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        return LIBBPF_PERF_EVENT_CONT
    }
}
