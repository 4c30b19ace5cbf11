/// What `trace --format` can write.
public enum ExportFormat: String, CaseIterable, Sendable {
    /// Aligned columns for people; lives in TerminalView.
    case text
    /// JSON lines: see `JSONLines`.
    case json
    /// See `CSVRows`.
    case csv
}
