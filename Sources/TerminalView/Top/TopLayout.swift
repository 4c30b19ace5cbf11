/// Which columns a table of `faultline top` has, and where they stand.
struct TopLayout {
    struct Place: Equatable {
        let column: TopColumn
        /// On the screen.
        let start: Int
        let width: Int
    }

    private(set) var places: [Place] = []

    var columns: [TopColumn] { places.map(\.column) }

    /// What goes first where there is not enough room for names.
    private static let expendable: [TopColumn] = [.each, .totalMajor, .totalTime, .share, .region, .cpuShare, .trend, .cpu, .time, .pid]
    private static let expendableOfEnded: [TopColumn] = [.each, .share, .trend, .region, .cpuShare, .pid, .cpu, .totalMajor]
    /// What says nothing of a trace that is over.
    private static let momentary: Set<TopColumn> = [.rate, .major, .time]
    private static let longestTrend = 40

    init(_ data: TopData, _ state: TopState, width: Int) {
        var columns = Self.all(state).filter { Self.isTold($0, data) && !(data.isEnded && Self.momentary.contains($0)) }
        let leastName = Self.leastName(state.pane, isEnded: data.isEnded)
        let gap = width >= 100 ? 2 : 1
        for column in data.isEnded ? Self.expendableOfEnded : Self.expendable where Self.rest(columns, gap, width) < leastName { columns.removeAll { $0 == column } }
        let spare = Self.rest(columns, gap, width) - leastName
        place(columns, gap, width, trend: max(0, min(spare / 3, Self.longestTrend - TopColumn.trend.width)))
    }

    /// Paths are long; and the fewer columns of a trace that is over leave room.
    private static func leastName(_ pane: TopPane, isEnded: Bool) -> Int {
        let isShort = pane == .processes || pane == .threads
        return isEnded ? (isShort ? 20 : 30) : isShort ? TopColumn.name.width : 26
    }

    private static func all(_ state: TopState) -> [TopColumn] {
        let isAll = state.process == nil
        return switch state.pane {
        case .processes: [.pid, .rate, .trend, .major, .time, .cpu, .cpuShare, .total, .totalMajor, .totalTime, .each, .name]
        case .threads: (isAll ? [.pid] : []) + [.tid, .rate, .major, .time, .total, .totalMajor, .totalTime, .each, .share, .name]
        case .files: [.rate, .major, .time, .total, .totalMajor, .totalTime, .each, .share, .region, .name]
        case .regions, .causes: [.rate, .major, .time, .total, .totalMajor, .totalTime, .each, .share, .name]
        case .stacks: (isAll ? [.pid] : []) + [.rate, .major, .total, .totalTime, .each, .share, .name]
        case .latency: []
        }
    }

    private static func isTold(_ column: TopColumn, _ data: TopData) -> Bool {
        switch column {
        case .major, .totalMajor: data.tellsOutcome
        case .time, .totalTime, .each, .cpuShare: data.tellsTime
        default: true
        }
    }

    /// What is left for names.
    private static func rest(_ columns: [TopColumn], _ gap: Int, _ width: Int) -> Int {
        let others = columns.filter { $0 != .name }
        return width - 2 - others.reduce(0) { $0 + $1.width + gap }
    }

    private mutating func place(_ columns: [TopColumn], _ gap: Int, _ width: Int, trend extra: Int) {
        var start = 1
        for column in columns {
            let own = column == .name ? max(width - 1 - start, 0) : column.width + (column == .trend ? extra : 0)
            places.append(Place(column: column, start: start, width: own))
            start += own + gap
        }
    }
}
