/// What the user of `faultline top` has chosen to see, and what each key changes about it.
public struct TopState: Equatable, Sendable {
    public internal(set) var pane = TopPane.processes
    /// The process that is looked into; nil: all of them.
    public internal(set) var process: UInt32?
    public internal(set) var order: TopOrder
    private let firstOrder: TopOrder
    /// Of the panes that the user has left: each has columns of its own.
    private var orders: [TopPane: TopOrder] = [:]
    /// nil: the first row.
    public internal(set) var selected: TopRowID?
    /// Rows whose names have it, in whatever case.
    public internal(set) var filter = ""
    /// Keys go into the filter.
    public internal(set) var isFiltering = false
    public internal(set) var isPaused = false
    public internal(set) var isHelpShown = false
    /// The trace is being ended.
    public internal(set) var isLeaving = false
    /// Where the user was among the processes, to come back to.
    private var before: Before?

    private struct Before: Equatable {
        var pane: TopPane
        var order: TopOrder
        var orders: [TopPane: TopOrder]
        var selected: TopRowID?
        var filter: String
    }

    private static let filterLimit = 64

    /// - Parameter column: by which tables are sorted until the user sorts them otherwise.
    public init(sortedBy column: TopColumn = .rate) {
        firstOrder = TopOrder(column)
        order = firstOrder
    }

    /// What a key asks for beyond the state.
    public enum Wish: Equatable, Sendable {
        case nothing, quit, redraw, suspend
    }

    /// Takes a key.
    ///
    /// - Parameter shown: what stands in the table now.
    public mutating func take(_ key: Key, _ shown: TopContents) -> Wish {
        if key == .control("c") { return leave() }
        if key == .control("l") { return .redraw }
        if key == .control("z") { return .suspend }
        if isHelpShown {
            isHelpShown = false
            return .nothing
        }
        return isFiltering ? edit(key, shown) : command(key, shown)
    }

    // MARK: Commands

    private mutating func command(_ key: Key, _ shown: TopContents) -> Wish {
        switch key {
        case .character("q"): return leave()
        case .character("?"), .character("h"): isHelpShown = true
        case .character(" "), .character("p"): isPaused.toggle()
        case .character("/"): isFiltering = true
        case .character("r"): order.isReversed.toggle()
        case .left, .character("<"): sort(by: shown.columns, step: -1)
        case .right, .character(">"): sort(by: shown.columns, step: 1)
        case .tab: turn(1)
        case .backTab: turn(-1)
        case .enter: open(shown)
        case .escape, .backspace: back()
        case .character(let digit) where digit.isWholeNumber: choose(digit.wholeNumberValue ?? 0)
        default: move(key, shown)
        }
        return .nothing
    }

    private mutating func leave() -> Wish {
        isLeaving = true
        return .quit
    }

    private mutating func sort(by columns: [TopColumn], step: Int) {
        let choices = columns.filter(\.isSortable)
        guard let place = choices.firstIndex(of: order.column) else { return order.column = choices.first ?? .rate }
        order.column = choices[(place + step + choices.count) % choices.count]
        order.isReversed = false
    }

    private mutating func turn(_ step: Int) {
        let panes = TopPane.panes(isOneProcess: process != nil)
        let place = panes.firstIndex(of: pane) ?? 0
        show(panes[(place + step + panes.count) % panes.count])
    }

    private mutating func choose(_ number: Int) {
        let panes = TopPane.panes(isOneProcess: process != nil)
        if panes.indices.contains(number - 1) { show(panes[number - 1]) }
    }

    private mutating func show(_ new: TopPane) {
        guard new != pane else { return }
        orders[pane] = order
        order = orders[new] ?? firstOrder
        pane = new
        selected = nil
    }

    /// Looks into the process of the selected row.
    private mutating func open(_ shown: TopContents) {
        guard process == nil, let row = shown.row(selected), let pid = row.pid else { return }
        before = Before(pane: pane, order: order, orders: orders, selected: row.id, filter: filter)
        process = pid
        pane = pane == .processes ? .files : pane
        (selected, filter, order, orders) = (nil, "", firstOrder, [:])
    }

    /// One step back: the filter first, then the process.
    private mutating func back() {
        if !filter.isEmpty { return filter = "" }
        guard let before else { return }
        (pane, order, orders, selected, filter) = (before.pane, before.order, before.orders, before.selected, before.filter)
        (process, self.before) = (nil, nil)
    }

    // MARK: Moving

    private mutating func move(_ key: Key, _ shown: TopContents) {
        guard !shown.rows.isEmpty else { return }
        let place = shown.place(selected)
        let step: Int? = switch key {
        case .up, .character("k"): -1
        case .down, .character("j"): 1
        case .pageUp, .control("b"): -max(shown.pageSize, 1)
        case .pageDown, .control("f"): max(shown.pageSize, 1)
        case .home, .character("g"): -place
        case .end, .character("G"): shown.rows.count
        default: nil
        }
        guard let step else { return }
        selected = shown.rows[min(max(place + step, 0), shown.rows.count - 1)].id
    }

    // MARK: The filter

    private mutating func edit(_ key: Key, _ shown: TopContents) -> Wish {
        switch key {
        case .character(let character) where filter.count < Self.filterLimit: filter.append(character)
        case .backspace: if filter.popLast() == nil { isFiltering = false }
        case .control("u"): filter = ""
        case .enter: isFiltering = false
        case .escape: (isFiltering, filter) = (false, "")
        case .up, .down, .pageUp, .pageDown: move(key, shown)
        default: break
        }
        return .nothing
    }
}

/// The table as it stands on the screen.
public struct TopContents: Sendable {
    public internal(set) var columns: [TopColumn] = []
    /// In the order in which they are shown, with those that find no room.
    public internal(set) var rows: [TopRow] = []
    /// Rows that are on the screen at a time.
    public internal(set) var pageSize = 0

    public init() {}

    /// Where the selected row is; the first where it is not there.
    func place(_ selected: TopRowID?) -> Int { rows.firstIndex { $0.id == selected } ?? 0 }

    func row(_ selected: TopRowID?) -> TopRow? { rows.isEmpty ? nil : rows[place(selected)] }
}
