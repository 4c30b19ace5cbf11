public import TraceModel

/// What is said while a lost connection is waited for.
public enum CutText {
    /// - Parameter reason: what happened, without a full stop.
    public static func waiting(_ reason: String, _ patience: Duration) -> String {
        "\(SafeText.escaped(Array(reason.utf8))); waiting \(Quantity.duration(nanoseconds(patience))) for it to come back, Ctrl-C ends the trace"
    }

    public static func resumed(_ outage: Outage) -> String {
        "the trace goes on; what happened in \(Quantity.duration(outage.durationNs)) is unknown"
    }

    private static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        return UInt64(max(seconds, 0)).multipliedOrMax(by: 1_000_000_000).addingOrMax(UInt64(max(attoseconds, 0)) / 1_000_000_000)
    }
}

extension TraceSummary {
    /// Why not everything is there, in words; nil: all is.
    public var cutWords: String? {
        switch cut {
        case nil: nil
        case .noEnding?: "the end is missing; faults after the last one are unknown"
        case .differs(let sent, let lost)?:
            "the agent counted \(Quantity.count(sent)) events and \(Quantity.count(lost)) lost, \(Quantity.count(events)) and "
                + "\(Quantity.count(statistics.losses.total)) arrived here"
        case .interrupted(let times)?:
            "the connection was lost \(times == 1 ? "once" : "\(times) times"), and faults of \(Quantity.duration(unknownNs)) are unknown"
        case .notFollowed(let count)?:
            "\(Quantity.count(count)) of the command's descendants could not be followed, and their faults are not counted; trace a shorter piece of it"
        }
    }
}
