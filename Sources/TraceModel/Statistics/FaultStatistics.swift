public import FaultModel
public import WireProtocol

/// What a trace's faults add up to, in bounded memory: totals, by process, kind, outcome,
/// cause and error-code flag, and the gaps.
///
/// Adding a fault allocates nothing unless it is the first of its process or kind. Faults may come in any order.
public struct FaultStatistics: Sendable {
    /// Processes counted one by one, unless the caller says otherwise.
    public static let defaultProcessLimit = 65_536
    private static let kindLimit = 1024

    public private(set) var totals = FaultCounts()
    public private(set) var losses = LossLedger()
    private var processTable: ProcessTable
    private var kindTable = KindTable(limit: kindLimit)
    private var causeTable = CauseTable()

    /// - Parameter processLimit: processes counted one by one; the faults of all later ones are `otherProcesses`.
    public init(processLimit: Int = defaultProcessLimit) {
        processTable = ProcessTable(limit: processLimit)
    }

    @inline(__always)
    public mutating func add(_ fault: PageFault) {
        let step = kindTable.add(fault.kind, latencyNs: fault.latencyNs)
        causeTable.add(fault.cause, latencyNs: fault.latencyNs)
        totals.add(step, atNs: fault.timeNs)
        processTable.add(step, of: fault)
    }

    public mutating func add(_ faults: ArraySlice<PageFault>) {
        faults.withUnsafeBufferPointer { faults in
            for fault in faults.indices { add(faults[fault]) }
        }
    }

    public mutating func add(_ gap: Lost) { losses.add(gap) }

    /// Adds what `TimeOrder` hands out.
    public mutating func add(_ piece: TimeOrder.Piece) {
        switch piece {
        case .faults(let faults): add(faults)
        case .lost(let gap): add(gap)
        }
    }
}

// MARK: - Groups

extension FaultStatistics {
    /// How many processes are counted one by one.
    public var processCount: Int { processTable.processes.count }

    /// The faults of the processes past the limit; nil: there are none.
    public var otherProcesses: FaultCounts? { processTable.others.events == 0 ? nil : processTable.others }

    /// The processes with the most faults, those first; equals by process id.
    public func processes(top count: Int = .max) -> [ProcessFaults] {
        let sorted = processTable.processes.sorted { left, right in
            (right.counts.events, left.pid) < (left.counts.events, right.pid)
        }
        return Array(sorted.prefix(count))
    }

    /// The combinations of mode, access and presence that occurred, the most frequent first.
    public var byKind: [KindFaults] {
        var groups: [KindFaults] = []
        for entry in kindTable.entries { KindFaults.add(entry.sum.events, of: entry.kind.traits, to: &groups) }
        return groups.sorted { $0.events > $1.events }
    }

    /// The flags that the error codes bore, the most frequent first. A fault counts under each of its flags.
    public var byFlag: [FlagFaults] {
        var groups: [FlagFaults] = []
        for entry in kindTable.entries {
            guard let code = entry.kind.errorCode else { continue }
            for name in code.flags { FlagFaults.add(entry.sum.events, of: name, code.kindName, to: &groups) }
        }
        return groups.sorted { $0.events > $1.events }
    }

    /// How the faults ended, the most frequent way first; empty where no fault's end is known.
    public var byOutcome: [OutcomeFaults] {
        let groups = ([nil] + FaultOutcome.allCases).map { outcome in
            var sum = TimedCount()
            for entry in kindTable.entries where entry.kind.traits.outcome == outcome { sum.add(entry.sum) }
            return OutcomeFaults(outcome: outcome, sum: sum)
        }
        let known = groups.filter { $0.sum.events > 0 }
        return known.contains { $0.outcome != nil } ? known.sorted { $0.sum.events > $1.sum.events } : []
    }

    /// The causes, the most frequent first; empty where no fault's cause is known.
    public var byCause: [CauseFaults] { causeTable.groups }

    /// Faults whose error code is missing in `byFlag`, because there were too many different ones.
    public var eventsWithoutFlags: UInt64 { kindTable.uncoded }
}

/// The faults of one combination of traits; nil: this source cannot tell.
public struct KindFaults: Equatable, Sendable {
    public let mode: FaultMode?
    public let access: FaultAccess?
    public let present: Bool?
    public private(set) var events: UInt64

    static func add(_ events: UInt64, of traits: FaultTraits, to groups: inout [Self]) {
        let new = Self(mode: traits.mode, access: traits.access, present: traits.present, events: events)
        if let known = groups.firstIndex(where: { $0.matches(new) }) {
            groups[known].events += events
        } else {
            groups.append(new)
        }
    }

    private func matches(_ other: Self) -> Bool {
        mode == other.mode && access == other.access && present == other.present
    }
}

/// The faults whose error code bore one flag.
public struct FlagFaults: Equatable, Sendable {
    /// Whose flag it is: "x86" or "esr".
    public let codeKind: String
    /// The manual's abbreviation.
    public let name: String
    public private(set) var events: UInt64

    static func add(_ events: UInt64, of name: String, _ codeKind: String, to groups: inout [Self]) {
        if let known = groups.firstIndex(where: { $0.name == name && $0.codeKind == codeKind }) {
            groups[known].events += events
        } else {
            groups.append(Self(codeKind: codeKind, name: name, events: events))
        }
    }
}
