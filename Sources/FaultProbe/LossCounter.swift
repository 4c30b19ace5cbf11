import CFaultRecord
import CLibbpf
import CLinux

/// Faults that found no room on one CPU.
public struct LossReport: Equatable, Sendable {
    public var cpu: Int
    /// Since the last report.
    public var count: UInt64
    /// CLOCK_MONOTONIC of the newest burst's first and last loss.
    public var firstNs: UInt64
    public var lastNs: UInt64
}

/// Reads the map `counters` and tells what is new in it.
final class LossCounter {
    private let map: Int32
    private var values: [fault_counters]
    private var reported: [UInt64]
    private var reportedOverwritten: UInt64 = 0

    init(_ map: BPFMap) {
        self.map = map.descriptor
        let cpus = Int(libbpf_num_possible_cpus())
        values = Array(repeating: fault_counters(), count: cpus)
        reported = Array(repeating: 0, count: cpus)
    }

    var notFollowed: UInt64 {
        read()
        return values.reduce(0) { $0 + $1.not_followed }
    }

    var heldBack: UInt64 {
        read()
        return values.reduce(0) { $0 + $1.held_back }
    }

    /// - Parameter overwritten: what perf's own buffers lost. Before 5.1 bpf_perf_event_output does not tell the program
    ///   that it failed, so that there it is the only count; since then it counts the same faults again.
    func new(overwritten: UInt64) -> [LossReport] {
        read()
        var reports: [LossReport] = []
        for (cpu, value) in values.enumerated() where value.lost > reported[cpu] {
            reports.append(
                LossReport(
                    cpu: cpu, count: value.lost - reported[cpu], firstNs: value.burst_first_ns,
                    lastNs: value.burst_last_ns))
            reported[cpu] = value.lost
        }
        let counted = reported.reduce(0, +) + reportedOverwritten
        if overwritten > counted {
            let now = linux_monotonic_ns()
            reports.append(LossReport(cpu: 0, count: overwritten - counted, firstNs: now, lastNs: now))
            reportedOverwritten += overwritten - counted
        }
        return reports
    }

    private func read() {
        var slot: UInt32 = 0
        values.withUnsafeMutableBytes { _ = bpf_map_lookup_elem(map, &slot, $0.baseAddress) }
    }
}
