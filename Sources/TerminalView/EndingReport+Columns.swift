import FaultModel
import TraceModel

extension EndingReport {
    /// What the faults did not tell on this kernel, and why; columns with the same reason share a line.
    var columnLines: [String] {
        let missing = summary.session.missing
        guard !missing.isEmpty else { return [] }
        var reasons: [String] = []
        for gap in missing where !reasons.contains(gap.reason) { reasons.append(gap.reason) }
        return [title("not told here")] + reasons.map { reason in
            let columns = missing.filter { $0.reason == reason }.map(\.column.name)
            return "  " + columns.joined(separator: ", ") + ": " + SafeText.escaped(Array(reason.utf8))
        }
    }
}
