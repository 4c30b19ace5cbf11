import FaultModel
import TraceModel

extension EndingReport {
    /// Files shown one by one.
    private static let namelessFilesShown = 5

    /// Files in whose code faults happened that have no function's name, those with most such places first.
    var symbolLines: [String] {
        let files = summary.namelessFiles.sorted { ($1.places, $0.name) < ($0.places, $1.name) }
        guard !files.isEmpty else { return [] }
        let rest = files.count - Self.namelessFilesShown
        let more = rest > 0 ? ["  and \(Quantity.count(UInt64(rest))) more files"] : []
        return [title("without a function's name")] + files.prefix(Self.namelessFilesShown).map(line) + more
    }

    private func line(_ file: NamelessFile) -> String {
        let places = Quantity.count(UInt64(file.places)) + (file.places == 1 ? " place" : " places")
        let reason = file.problem ?? "its symbols do not reach there"
        return "  \(places) in \(SafeText.escaped(Array(file.name.utf8))): \(SafeText.escaped(Array(reason.utf8)))"
    }
}
