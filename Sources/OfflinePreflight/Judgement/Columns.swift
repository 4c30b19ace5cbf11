import FaultModel
import KernelConfiguration

extension DumpFacts {
    /// What a source tells on this kernel, if it works.
    func columns(of source: FaultSource) -> [Column] {
        source.columns.filter { !lost(by: source).contains($0) }
    }

    /// What it would tell on another kernel.
    private func lost(by source: FaultSource) -> [Column] {
        switch source {
        case .tracepoint where version.map { $0 < KernelVersion(4, 9) } ?? false: [.outcome, .latency, .cause]
        case .fentry where arch != .arm64: [.present, .errorCode]
        case .perfRing where firesLate: [.outcome, .latency, .cause]
        default: []
        }
    }

    /// "arm64: mm: Update perf accounting to handle poison faults" (0e3a9026396c, 4.13) moved PAGE_FAULTS to a fault's beginning.
    private var firesLate: Bool { arch == .arm64 && (version.map { $0 < KernelVersion(4, 13) } ?? false) }

    func missing(from source: FaultSource, _ columns: [Column]) -> [MissingColumn] {
        Column.allCases.filter { !columns.contains($0) }.map { column in
            MissingColumn(column, reason: reason(for: column, missingFrom: source))
        }
    }

    private func reason(for column: Column, missingFrom source: FaultSource) -> String {
        switch (column, source) {
        case (.access, _): "the event PAGE_FAULTS does not tell it; " + probeForAccess
        case (.outcome, .perfRing), (.latency, .perfRing), (.cause, .perfRing):
            "before 4.13 arm64 fires PAGE_FAULTS only when a fault has ended"
        case (.outcome, _), (.latency, _), (.cause, _): "BPF programs on PAGE_FAULTS_MIN and _MAJ came with 4.9"
        case (_, .kprobe), (_, .fentry): "handle_mm_fault is not told it" + closedToKprobes
        default: "the event PAGE_FAULTS does not tell it" + closedToKprobes
        }
    }

    private var probeForAccess: String {
        let verdict = judge(.kprobe)
        return switch verdict.usable {
        case true?: "the kprobe source does"
        case false?: "the kprobe source would, but " + verdict.reason
        case nil: "whether the kprobe source can is " + verdict.reason
        }
    }

    /// In arch/arm64/mm/fault.c both are marked, by __kprobes and NOKPROBE_SYMBOL; measured on 5.10 to 7.2 they answer EINVAL.
    var closedToKprobes: String {
        arch == .arm64 ? "; do_page_fault and do_mem_abort know it, and arm64 closes both to kprobes" : ""
    }
}
