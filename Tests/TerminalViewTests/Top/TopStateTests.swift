@testable import TerminalView
import Testing

struct TopStateTests {
    private var driver: TopDriver {
        var fixture = TopFixture()
        return TopDriver(fixture.data)
    }

    @Test func `it begins with the processes that fault most`() {
        let driver = driver
        #expect(driver.state.pane == .processes)
        #expect(driver.view.contents.rows.map(\.pid) == [4120, 77, 5])
        #expect(driver.selectedLine?.contains("4120") == true)
    }

    @Test func `arrows select, and the selection stays with its process`() {
        var driver = driver
        driver.press(.down)
        #expect(driver.state.selected == .process(77))
        driver.press(.character("r"))
        #expect(driver.view.contents.rows.map(\.pid) == [5, 77, 4120])
        #expect(driver.selectedLine?.contains(" 77 ") == true)
        driver.press(.end, .down)
        #expect(driver.state.selected == .process(4120))
        driver.press(.home, .up, .pageDown, .pageUp)
        #expect(driver.state.selected == .process(5))
    }

    @Test func `each view keeps the order in which it was left`() {
        var driver = driver
        driver.width = 200
        driver.press(.right)
        let column = driver.state.order.column
        driver.press(.character("3"))
        #expect(driver.state.order.column != column, "what was chosen for another view may have no column in this one")
        driver.press(.character("1"))
        #expect(driver.state.order.column == column)
    }

    @Test func `every column that is shown can sort, and the order turns`() {
        var driver = driver
        driver.width = 200
        let columns = driver.view.contents.columns.filter(\.isSortable)
        #expect(Set(columns).isSuperset(of: [.pid, .rate, .major, .time, .cpu, .cpuShare, .total, .name]))
        var seen: [TopColumn] = []
        for _ in columns {
            driver.press(.right)
            seen.append(driver.state.order.column)
        }
        #expect(Set(seen) == Set(columns) && seen.last == .rate)
        driver.press(.left)
        #expect(driver.state.order.column == .pid)
        #expect(driver.view.contents.rows.map(\.pid) == [5, 77, 4120])
        driver.press(.character("r"))
        #expect(driver.view.contents.rows.map(\.pid) == [4120, 77, 5])
    }

    @Test func `Enter looks into a process, and Escape comes back to where the user was`() {
        var driver = driver
        driver.press(.character("r"), .down, .down, .enter)
        #expect(driver.state.process == 4120)
        #expect(driver.state.pane == .files)
        #expect(driver.line(with: "base.apk") != nil && driver.line(with: "libc.so.6") == nil)
        driver.press(.tab, .tab, .escape)
        #expect(driver.state.process == nil && driver.state.pane == .processes)
        #expect(driver.state.selected == .process(4120) && driver.state.order.isReversed)
    }

    @Test func `Tab and digits go through the views, and round again`() {
        var driver = driver
        var panes: [TopPane] = []
        for _ in TopPane.allCases {
            panes.append(driver.state.pane)
            driver.press(.tab)
        }
        #expect(panes == TopPane.allCases && driver.state.pane == .processes)
        driver.press(.backTab)
        #expect(driver.state.pane == .stacks)
        driver.press(.character("2"))
        #expect(driver.state.pane == .threads)
        driver.press(.character("9"))
        #expect(driver.state.pane == .threads)
        driver.press(.enter, .character("1"))
        #expect(driver.state.process == 4120 && driver.state.pane == .threads)
    }

    @Test func `the filter works as it is typed, and keys are text meanwhile`() {
        var driver = driver
        driver.press(.character("/"))
        driver.type("BROW")
        #expect(driver.view.contents.rows.map(\.pid) == [4120])
        driver.type("q")
        #expect(driver.wish == .nothing && driver.view.contents.rows.isEmpty)
        #expect(driver.line(with: "Nothing here has 'BROWq' in its name") != nil)
        driver.press(.backspace, .enter)
        #expect(driver.line(with: "filter: BROW") != nil)
        driver.press(.escape)
        #expect(driver.state.filter.isEmpty && driver.view.contents.rows.count == 3)
        driver.press(.character("/"))
        driver.type("77")
        #expect(driver.view.contents.rows.map(\.pid) == [77])
        driver.press(.control("u"), .backspace)
        #expect(!driver.state.isFiltering)
    }

    @Test func `q and Ctrl-C leave, help and pause do not`() {
        var driver = driver
        driver.press(.character("?"))
        #expect(driver.line(with: "any key") != nil)
        driver.press(.character("q"))
        #expect(driver.wish == .nothing && !driver.state.isHelpShown)
        driver.press(.character(" "))
        #expect(driver.state.isPaused && driver.lines[0].contains("PAUSED"))
        driver.press(.character(" "))
        #expect(!driver.state.isPaused)
        driver.press(.character("q"))
        #expect(driver.wish == .quit)
        driver.press(.character("/"), .control("c"))
        #expect(driver.wish == .quit)
        driver.press(.control("l"))
        #expect(driver.wish == .redraw)
        driver.press(.control("z"))
        #expect(driver.wish == .suspend)
    }

    @Test func `an empty table takes every key`() {
        var driver = TopDriver(TopFixture.empty)
        for key in [Key.down, .enter, .pageUp, .right, .tab, .escape, .end, .character("r"), .backspace] { driver.press(key) }
        #expect(driver.text.contains("No page faults yet."))
    }
}
