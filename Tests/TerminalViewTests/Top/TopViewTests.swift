import Foundation
@testable import TerminalView
import Testing

/// What stands on the screen. With FAULTLINE_WRITE_SCREENS=1 the stored screens are written anew: look at them before you keep them.
struct TopViewTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Screens")

    private func driver(_ width: Int, _ height: Int, loses: Bool = false) -> TopDriver {
        var fixture = TopFixture()
        if loses { fixture.lose() }
        var driver = TopDriver(fixture.data)
        (driver.width, driver.height) = (width, height)
        return driver
    }

    private func expect(_ driver: TopDriver, _ name: String) throws {
        let file = Self.folder.appending(path: name + ".txt")
        let text = driver.text + "\n"
        if ProcessInfo.processInfo.environment["FAULTLINE_WRITE_SCREENS"] == "1" { try text.write(to: file, atomically: true, encoding: .utf8) }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test(arguments: [(80, 24), (100, 30), (200, 60)])
    func `the screen at each size`(width: Int, height: Int) throws {
        try expect(driver(width, height), "processes-\(width)x\(height)")
    }

    @Test(arguments: ["threads", "files", "causes", "latency"])
    func `the views at 80x24`(name: String) throws {
        var driver = driver(80, 24, loses: true)
        let pane = try #require(TopPane(rawValue: name))
        while driver.state.pane != pane { driver.press(.tab) }
        try expect(driver, "\(name)-80x24")
    }

    @Test(arguments: ["processes", "threads", "files"])
    func `a recording tells what it cost in all`(name: String) throws {
        var fixture = TopFixture(isRecording: true)
        fixture.end()
        var driver = TopDriver(fixture.data)
        let pane = try #require(TopPane(rawValue: name))
        while driver.state.pane != pane { driver.press(.tab) }
        let columns = driver.view.contents.columns
        #expect(Set(columns).isSuperset(of: [.total, .totalMajor, .totalTime, .name]) && Set(columns).isDisjoint(with: [.rate, .major, .time]))
        #expect(driver.state.order.column == .totalTime)
        try expect(driver, "recorded-\(name)-80x24")
        driver.press(.character("?"))
        try expect(driver, "recorded-help-80x24")
    }

    @Test func `a recording that is cut says so in every view`() throws {
        var fixture = TopFixture(isRecording: true)
        var driver = TopDriver(fixture.data)
        try expect(driver, "cut-processes-80x24")
        for _ in TopPane.allCases {
            #expect(driver.lines[0].contains("INCOMPLETE after 5 s") && driver.line(with: "incomplete: the end is missing") != nil)
            driver.press(.tab)
        }
        #expect(driver.view.contents.rows.allSatisfy { ($0.cpuIsLowerBound || $0.cpu == nil) && $0.cpu ?? 0 <= 1 })
    }

    @Test func `memory of one name has a row for each use`() throws {
        var fixture = TopFixture()
        fixture.shareName()
        var driver = TopDriver(fixture.data)
        driver.press(.character("3"))
        let rows = driver.view.contents.rows.filter { $0.name == "[anon]" }
        #expect(rows.map(\.region) == ["anonymous", "so"])
        #expect(rows.map(\.counts.faults) == [3, 1])
    }

    @Test func `a process, and help`() throws {
        var driver = driver(80, 24)
        driver.press(.enter)
        try expect(driver, "process-80x24")
        driver.press(.character("?"))
        try expect(driver, "help-80x24")
    }

    @Test func `losses and the source are on every screen`() {
        for pane in TopPane.allCases {
            for (width, height) in [(80, 24), (60, 12), (300, 100)] {
                var driver = driver(width, height, loses: true)
                while driver.state.pane != pane { driver.press(.tab) }
                #expect(driver.lines[0].contains("1,234 LOST") && driver.lines[0].contains("tracepoint"), "\(pane) \(width)x\(height)")
            }
        }
        #expect(driver(80, 24).lines[0].contains("none lost"))
    }

    @Test func `no name commands the terminal, and wide ones keep the columns`() throws {
        let driver = driver(80, 24)
        #expect(!driver.text.contains("\u{1b}"))
        #expect(driver.line(with: #"evil\x1b[2J"#) != nil)
        let heading = try #require(driver.line(with: "pid"))
        let place = try #require(heading.range(of: "process")).lowerBound.utf16Offset(in: heading)
        for name in ["..", "evil", "漢字"] {
            let line = try #require(driver.line(with: name))
            #expect(try #require(line.range(of: name)).lowerBound.utf16Offset(in: line) == place, "\(name)")
        }
    }

    @Test(arguments: [
        ("/usr/lib/libc.so.6", 20, "/usr/lib/libc.so.6"), ("/usr/lib/x86_64-linux-gnu/libc.so.6", 20, "..inux-gnu/libc.so.6"),
        ("/lib/_decimal.cpython-311-x86_64-linux-gnu.so", 20, "_decimal.cpython-3.."), ("a b c", 4, "a .."), ("漢字漢字", 7, "漢字.."),
        ("evil\u{1b}[2J", 30, #"evil\x1b[2J"#), ("abc", 2, ""),
    ])
    func `a name that is too long keeps what tells it from others`(name: String, columns: Int, text: String) {
        #expect(SafeText.fitted(name, to: columns) == text)
        #expect(SafeText.width(SafeText.fitted(name, to: columns)) <= columns)
    }

    @Test func `no size crashes it`() {
        var fixture = TopFixture()
        fixture.lose()
        let data = fixture.data
        for width in stride(from: 0, through: 130, by: 13) {
            for height in [0, 1, 7, 8, 9, 12, 24, 41] {
                var driver = TopDriver(data)
                (driver.width, driver.height) = (width, height)
                for _ in TopPane.allCases {
                    #expect(driver.lines.count == height)
                    driver.press(.tab)
                }
                driver.press(.enter, .character("?"))
                #expect(driver.lines.allSatisfy { SafeText.width($0) <= width })
            }
        }
    }

    @Test func `without UTF-8 everything is ASCII`() {
        var fixture = TopFixture()
        let data = fixture.data
        for pane in [TopPane.processes, .latency] {
            var driver = TopDriver(data)
            while driver.state.pane != pane { driver.press(.tab) }
            let lines = TopView(driver.state, data, width: 80, height: 24, isUnicode: false).screen.lines
            #expect(lines.filter { !$0.contains("漢") }.allSatisfy { $0.unicodeScalars.allSatisfy(\.isASCII) })
        }
    }

    @Test func `a frame in which little changes is small`() {
        var fixture = TopFixture()
        let before = TopDriver(fixture.data).view.screen
        fixture.lose()
        let after = TopDriver(fixture.data).view.screen
        #expect(ScreenUpdate.bytes(from: before, to: after, isColored: true).count < 80)
    }

    @Test(arguments: [
        (0, "0"), (0.04, "0.0"), (9.94, "9.9"), (9.96, "10"), (1234.4, "1,234"), (999_999, "999,999"), (1_234_567, "1.23M"),
        (99_950_000, "100M"), (12_345_678_901, "12.3G"),
    ])
    func `rates in few columns`(perSecond: Double, text: String) { #expect(Quantity.briefRate(perSecond) == text) }

    @Test(arguments: [(0.0, "0.0%+"), (0.0994, "9.9%+"), (0.31, "31%+"), (4, "400%+")])
    func `shares in few columns`(share: Double, text: String) { #expect(Quantity.leastShare(share) == text) }

    @Test(arguments: [(0.0, "0"), (950, "950ns"), (4100, "4.10us"), (1_920_000, "1.92ms"), (12e9, "12.0s")])
    func `times in few columns`(ns: Double, text: String) { #expect(Quantity.briefTime(ns) == text) }
}
