/// What a report's groups and files are sorted by, the most first.
public enum ReportOrder: String, CaseIterable, Sendable {
    /// How many.
    case faults
    /// How long they took together, as far as that is known.
    case time
    /// How many had to wait.
    case major

    func weight(of sum: some Weighed) -> UInt64 {
        switch self {
        case .faults: sum.events
        case .time: sum.latencyNs
        case .major: sum.major
        }
    }
}

/// What can be sorted so.
protocol Weighed {
    var events: UInt64 { get }
    var latencyNs: UInt64 { get }
    var major: UInt64 { get }
}

extension GroupSum: Weighed {}
extension FileTable.Count: Weighed {}
