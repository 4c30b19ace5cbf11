/// Whether one source works on this kernel, and what it tells there.
public struct SourceVerdict: Equatable, Sendable {
    public var source: FaultSource
    /// nil: it could not be told.
    public var usable: Bool?
    /// For a source that works, the way in which it was attached; for one that does not, the step that failed and its errno.
    public var reason: String
    /// What it tells of each fault; nothing for a source that does not work.
    public var columns: [Column]
    /// Every other column, with what keeps this source from telling it.
    public var missing: [MissingColumn]

    public init(
        _ source: FaultSource, usable: Bool?, reason: String, columns: [Column] = [], missing: [MissingColumn] = []
    ) {
        self.source = source
        self.usable = usable
        self.reason = reason
        self.columns = columns
        self.missing = missing
    }
}

/// A column that a trace will not have.
public struct MissingColumn: Equatable, Sendable {
    public var column: Column
    /// One clause, without a full stop: what would tell it, and why that is not to be had.
    public var reason: String

    public init(_ column: Column, reason: String) {
        self.column = column
        self.reason = reason
    }
}

extension [MissingColumn] {
    /// Every column that is not among them.
    public var otherColumns: [Column] {
        let missing = map { $0.column }
        return Column.allCases.filter { !missing.contains($0) }
    }
}
