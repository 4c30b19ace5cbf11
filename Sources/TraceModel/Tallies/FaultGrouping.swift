public import FaultModel

/// By what faults are added up.
public enum FaultGrouping: String, CaseIterable, Sendable {
    case process, thread, mapping, region, cause, package

    /// What the agent has to count by for it. The kernel knows no mappings, and without them there is no cause.
    public var key: TallyKey {
        switch self {
        case .process, .package: .process
        case .thread: .thread
        case .mapping, .region, .cause: .place
        }
    }

    /// Whether a group is part of one process, or all of it.
    public var isOfProcesses: Bool { key != .place }
}

/// What the faults of one group have in common.
public enum FaultGroupID: Hashable, Sendable {
    case process(UInt32)
    case thread(UInt32, of: UInt32)
    /// A mapping's name, a region's, a cause's, a package's; nil: not known.
    case named(String?)

    public var pid: UInt32? {
        switch self {
        case .process(let pid), .thread(_, of: let pid): pid
        case .named: nil
        }
    }

    public var tid: UInt32? {
        if case .thread(let tid, _) = self { tid } else { nil }
    }
}
