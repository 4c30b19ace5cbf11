public import FaultModel
public import WireProtocol

/// Faults added up by group, from counts or from faults; in bounded memory.
public struct FaultTally: Sendable {
    /// Groups that are kept apart, unless the caller says otherwise.
    public static let defaultGroupLimit = 65_536

    public struct Group: Equatable, Sendable {
        public let id: FaultGroupID
        /// For people; nil: not known.
        public fileprivate(set) var name: String?
        public fileprivate(set) var counts = TallyCounts()
    }

    public private(set) var total = TallyCounts()
    /// The faults of the groups that found no place.
    public private(set) var others = TallyCounts()
    public private(set) var groups: [Group] = []
    private var places: [FaultGroupID: Int] = [:]
    private let weight: UInt64
    private let limit: Int

    /// - Parameter weight: how many faults each one stands for.
    public init(weight: UInt64 = 1, groupLimit: Int = defaultGroupLimit) {
        self.weight = weight
        limit = groupLimit
    }

    /// The groups with the most faults, those first.
    public func groups(top count: Int) -> [Group] {
        Array(groups.sorted { $0.precedes($1) }.prefix(count))
    }

    public mutating func add(_ row: Tally.Row, to id: FaultGroupID, name: String?) {
        let (count, latencyNs) = (row.count.timesOrMax(weight), row.latencyNs.timesOrMax(weight))
        update(id, name) { counts, weight in
            counts.add(count, row.traits, latencyNs: latencyNs)
            counts.add(histogram: row.histogram, times: weight)
        }
    }

    public mutating func add(_ fault: PageFault, to id: FaultGroupID, name: String?) {
        update(id, name) { counts, weight in
            counts.add(weight, fault.kind.traits, latencyNs: (fault.latencyNs ?? 0).timesOrMax(weight))
            if let latencyNs = fault.latencyNs { counts.add(histogramOf: latencyNs, times: weight) }
        }
    }

    private mutating func update(_ id: FaultGroupID, _ name: String?, _ add: (inout TallyCounts, UInt64) -> Void) {
        add(&total, weight)
        guard let place = place(of: id) else { return add(&others, weight) }
        if let name { groups[place].name = name }
        add(&groups[place].counts, weight)
    }

    private mutating func place(of id: FaultGroupID) -> Int? {
        if let known = places[id] { return known }
        guard groups.count < limit else { return nil }
        groups.append(Group(id: id))
        places[id] = groups.count - 1
        return groups.count - 1
    }
}

extension FaultTally.Group {
    fileprivate func precedes(_ other: Self) -> Bool {
        if counts.faults != other.counts.faults { return counts.faults > other.counts.faults }
        return (id.pid ?? 0, id.tid ?? 0, name ?? "") < (other.id.pid ?? 0, other.id.tid ?? 0, other.name ?? "")
    }
}

extension FaultTally.Group {
    fileprivate init(id: FaultGroupID) { self.init(id: id, name: nil) }
}
