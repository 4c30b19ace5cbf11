/// What a report's groups and files are sorted by, the most first.
public enum ReportOrder: String, CaseIterable, Sendable {
    /// How many.
    case faults
    /// How long they took together, as far as that is known.
    case time
    /// How many had to wait.
    case major

    func weight(of sum: GroupSum) -> UInt64 {
        switch self {
        case .faults: sum.events
        case .time: sum.latencyNs
        case .major: sum.major
        }
    }

    func weight(of file: FileTable.Count) -> UInt64 {
        switch self {
        case .faults: file.events
        case .time: file.latencyNs
        case .major: file.major
        }
    }
}
