/// What a trace promised, against what it gave. Each difference is one sentence; none: it kept its word.
struct Promise {
    var source: String
    var columns: Set<String>
    var pageSize: UInt64
    var arch: String
    var duration: UInt64

    func differences(_ run: Run, _ workload: Workload) -> [String] {
        var differences = workload.phases.flatMap { phase in
            atItsAddresses(run.events(at: phase.base), phase).map { "\(phase.name): \($0)" }
        }
        for (column, isGiven) in Self.given {
            let given = run.events.count { isGiven($0) }
            if columns.contains(column), given == 0 { differences.append("no event has \(column), which was promised") }
            if !columns.contains(column), given > 0 { differences.append("\(given) events have \(column), which was not promised") }
        }
        return differences
    }

    // MARK: One phase

    private func atItsAddresses(_ events: [Event], _ phase: Phase) -> [String] {
        var differences: [String] = []
        if events.count != phase.total { differences.append("\(events.count) events instead of \(phase.total)") }
        if Set(events.map { $0.page(pageSize) }) != phase.addresses(pageSize) { differences.append("other pages than those touched") }
        let seen = counted(events.map { (kind($0), 1) })
        let expected = counted(phase.faults.map { (kind($0), $0.count) })
        if seen != expected { differences.append("seen \(seen), expected \(expected)") }
        return differences + missingValues(events) + wrongCauses(events, phase) + wrongCodes(events) + wrongLatencies(events)
    }

    private func counted(_ kinds: [(String, Int)]) -> [String: Int] { Dictionary(kinds, uniquingKeysWith: +) }

    /// A fault in the words of the promised columns.
    private func kind(_ event: Event) -> String {
        words(event.mode, event.access, event.present, event.outcome)
    }

    private func kind(_ faults: Faults) -> String {
        words(faults.mode, isSilent("access", faults.mode, faults.outcome) ? nil : faults.access, faults.present, faults.outcome)
    }

    /// What a source cannot know of a fault that failed, whatever it tells of the others. Such a fault never gets to
    /// handle_mm_fault, where all but the processor's word about the access comes from. Its end is the signal, which takes BPF to
    /// see; and a system call's fault that failed has no end at all, but in arm64's do_mem_abort.
    private func isSilent(_ column: String, _ mode: String?, _ outcome: String?) -> Bool {
        guard outcome == "failed" else { return false }
        let seesAbort = source == "fentry" && isArm
        return switch column {
        case "access": source != "tracepoint" && !seesAbort
        case "latency_ns": source == "perf_ring" || mode == "kernel" && !seesAbort
        default: false
        }
    }

    private func words(_ mode: String?, _ access: String?, _ present: Bool?, _ outcome: String?) -> String {
        let all = [
            ("mode", mode), ("access", access), ("present", present.map { $0 ? "protected" : "missing" }), ("outcome", outcome),
        ]
        return all.filter { columns.contains($0.0) }.map { $0.1 ?? "unknown" }.joined(separator: " ")
    }

    // MARK: Values

    private static let given: [(String, @Sendable (Event) -> Bool)] = [
        ("mode", { $0.mode != nil }), ("access", { $0.access != nil }), ("present", { $0.present != nil }),
        ("error_code", { $0.error_code != nil }), ("outcome", { $0.outcome != nil }), ("latency_ns", { $0.latency_ns != nil }),
        ("cause", { $0.cause != nil }),
    ]

    private func missingValues(_ events: [Event]) -> [String] {
        Self.given.filter { columns.contains($0.0) && $0.0 != "cause" }.compactMap { column, isGiven in
            let lacking = events.count { !isGiven($0) && !isSilent(column, $0.mode, $0.outcome) }
            return lacking > 0 ? "\(lacking) events lack \(column), which was promised" : nil
        }
    }

    /// To say nothing is not wrong where two causes fit; where one alone does, it must be said.
    private func wrongCauses(_ events: [Event], _ phase: Phase) -> [String] {
        guard columns.contains("cause") else { return [] }
        let allowed = Dictionary(phase.faults.map { (kind($0), $0.causes) }, uniquingKeysWith: { $0.union($1) })
        let wrong = events.filter { event in
            guard let cause = event.cause else { return isCauseCertain(event) && !phase.isOpen }
            return !(allowed[kind(event)] ?? []).contains(cause)
        }
        return wrong.isEmpty ? [] : ["wrong causes \(counted(wrong.map { ("\(kind($0)): \($0.cause ?? "none")", 1) }))"]
    }

    private func isCauseCertain(_ event: Event) -> Bool { event.outcome != "minor" || columns.contains("present") }

    private func wrongLatencies(_ events: [Event]) -> [String] {
        let wrong = events.count { event in event.latency_ns.map { $0 == 0 || $0 >= duration } ?? false }
        return wrong > 0 ? ["\(wrong) latencies of nothing or longer than the trace"] : []
    }

    // MARK: The processor's word

    private func wrongCodes(_ events: [Event]) -> [String] {
        guard columns.contains("error_code") else { return [] }
        let wrong = events.filter { $0.error_code?.kind != codeKind || Set($0.flags ?? []) != flags($0) }
        return wrong.isEmpty ? [] : ["wrong flags \(counted(wrong.map { ("\(kind($0)): \($0.flags ?? [])", 1) }))"]
    }

    private var isArm: Bool { arch == "aarch64" }
    private var codeKind: String { isArm ? "esr" : "x86" }

    private func flags(_ event: Event) -> Set<String> {
        let all: [(String, Bool)] = isArm
            ? [
                ("EL0", event.mode == "user"), ("EL1", event.mode == "kernel"), ("IABT", event.access == "execute"),
                ("DABT", event.access != "execute"), ("TRANSLATION", event.present == false),
                ("PERMISSION", event.present == true), ("WnR", event.access == "write"),
            ]
            : [
                ("P", event.present == true), ("W", event.access == "write"), ("U", event.mode == "user"),
                ("I", event.access == "execute"),
            ]
        return Set(all.filter(\.1).map(\.0))
    }
}

extension Event {
    func page(_ size: UInt64) -> UInt64 { UInt64(address.dropFirst(2), radix: 16)! & ~(size - 1) }
}
