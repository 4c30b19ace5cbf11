public import FaultModel

/// What the table of `faultline top` lists.
public enum TopPane: String, CaseIterable, Sendable {
    case processes, threads, files, regions, causes, latency, stacks

    /// The panes that one process has, or all of them together.
    static func panes(isOneProcess: Bool) -> [TopPane] {
        isOneProcess ? Array(allCases.dropFirst()) : allCases
    }

    var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

/// What a row of the table stands for.
public enum TopRowID: Hashable, Sendable {
    case process(UInt32)
    case thread(UInt32, of: UInt32)
    case named(String)
    /// Memory that has one name and is for one use: `[anon]` may be anonymous memory or a program's own.
    case memory(String, MemoryRegion)
    case stack(UInt32)
}

/// A column of the table, by which it can be sorted.
public enum TopColumn: CaseIterable, Sendable {
    case pid, tid, rate, trend, major, time, cpu, cpuShare, total, totalMajor, totalTime, each, share, region, name

    /// Of numbers the greatest stand first, of words and ids the least.
    var isAscendingFirst: Bool { self == .pid || self == .tid || self == .region || self == .name }

    var isSortable: Bool { self != .trend }
}

/// How the table is sorted.
public struct TopOrder: Equatable, Sendable {
    public var column: TopColumn
    public var isReversed = false

    public init(_ column: TopColumn) { self.column = column }
}
