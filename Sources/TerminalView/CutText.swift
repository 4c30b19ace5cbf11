public import TraceModel

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
            "the connection was lost \(times == 1 ? "once" : "\(times) times"), and faults meanwhile are unknown"
        case .notFollowed(let count)?:
            "\(Quantity.count(count)) of the command's descendants could not be followed, and their faults are not counted; trace a shorter piece of it"
        }
    }
}
