import Foundation

/// One way on one kernel: what was promised of it and what it came to.
struct Cell: Encodable, Sendable {
    var name: String
    var kernel: Preflight.Kernel
    var source: String
    var transport: String
    var usable: Bool
    var columns: [String]
    var missing: [Preflight.Missing]
    var reason: String
    /// Events at each phase's addresses, and how many of them have a cause.
    var counts: [String: Int] = [:]
    var causes: [String: Int] = [:]
    var differences: [String] = []

    /// Tries a way and holds it against the preflight's word.
    ///
    /// - Parameter isTight: there is so little memory that faults may be lost and columns missing, if that is told.
    static func tried(
        _ way: Way, _ preflight: Preflight, _ workload: Workload, isTight: Bool = false, on target: [String]
    ) async throws -> Cell {
        guard let verdict = preflight.source(way.source) else {
            return Cell(way, preflight, nil, differences: ["the preflight does not know \(way.source)"])
        }
        guard let usable = verdict.usable else {
            return Cell(way, preflight, verdict, differences: ["the preflight could not tell whether \(way.source) works: \(verdict.reason)"])
        }
        let run = try await Tool.trace(way.options + ["--", Device.workload] + workload.arguments, on: target)
        var cell = Cell(way, preflight, verdict)
        cell.usable = usable && preflight.promises(way.transport)
        cell.differences = !cell.usable ? cell.unfounded(run) : isTight ? cell.lossy(run, workload) : cell.broken(run, workload)
        for phase in workload.phases {
            cell.counts[phase.name] = run.events(at: phase.base).count
            cell.causes[phase.name] = run.events(at: phase.base).count { $0.cause != nil }
        }
        return cell
    }

    private init(_ way: Way, _ preflight: Preflight, _ verdict: Preflight.Source?, differences: [String] = []) {
        name = Device.name
        kernel = preflight.kernel
        source = way.source
        transport = way.transport
        usable = false
        columns = verdict?.columns ?? []
        missing = verdict?.missing ?? []
        reason = verdict?.reason ?? ""
        self.differences = differences
    }

    /// What of the promise a trace that should work did not keep.
    private func broken(_ run: Run, _ workload: Workload) -> [String] {
        guard run.status == 0, let summary = run.summary else { return ["the trace failed: \(run.errors)"] }
        let promise = Promise(
            source: source, columns: Set(columns), pageSize: kernel.page_size, arch: kernel.arch, duration: summary.duration_ns)
        var differences = promise.differences(run, workload)
        if Set(summary.columns) != Set(columns) { differences.append("columns \(summary.columns) instead of \(columns)") }
        if summary.source != source { differences.append("the source was \(summary.source)") }
        if transport != Way.anyTransport, summary.transport != transport { differences.append("the transport was \(summary.transport)") }
        if summary.lost != 0 { differences.append("\(summary.lost) lost") }
        if !summary.complete { differences.append("incomplete") }
        if summary.events != UInt64(run.events.count) { differences.append("\(summary.events) counted, \(run.events.count) written") }
        if summary.command?.status != 0 { differences.append("the workload failed: \(run.errors)") }
        return differences
    }

    private func lossy(_ run: Run, _ workload: Workload) -> [String] {
        guard run.status == 0, let summary = run.summary, summary.complete else { return ["the trace failed: \(run.errors)"] }
        let made = workload.phases.reduce(0) { $0 + $1.total }
        let seen = workload.phases.reduce(0) { $0 + run.events(at: $1.base).count } + Int(summary.lost)
        return seen < made ? ["\(seen) seen or lost of \(made)"] : []
    }

    /// A trace that cannot be must say so, and which step failed. That may be an earlier one than the preflight's, which has no
    /// command to follow.
    private func unfounded(_ run: Run) -> [String] {
        if run.status == 1, run.errors.contains(/(failed with .*\(\d+\)|failed:)/) { return [] }
        return ["the preflight says no (\(reason)), the trace ended with \(run.status): \(run.errors)"]
    }

    /// Appends the cell to the file that the table of kernels is made from.
    func record() throws {
        guard let path = Device.cells else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: try encoder.encode(self) + Data("\n".utf8))
    }
}
