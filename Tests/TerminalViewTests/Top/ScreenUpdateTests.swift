@testable import TerminalView
import Testing

struct ScreenUpdateTests {
    private func screen(_ lines: [String], width: Int = 40, _ style: Style = .plain) -> Screen {
        var screen = Screen(width: width, height: lines.count)
        for (line, text) in lines.enumerated() { screen.put(text, line: line, column: 0, style) }
        return screen
    }

    private func update(_ before: Screen?, _ after: Screen) -> String {
        String(decoding: ScreenUpdate.bytes(from: before, to: after, isColored: true), as: UTF8.self)
    }

    @Test func `what has not changed costs nothing`() {
        let same = screen(["processes", "a 漢 b"])
        #expect(update(same, same) == "")
    }

    @Test func `a number that changes is written alone`() {
        let (before, after) = (screen(["cat    1,234/s   12"]), screen(["cat    1,235/s   12"]))
        #expect(update(before, after) == "\u{1b}[1;12H5")
    }

    @Test func `short gaps are written over, long ones jumped`() {
        #expect(update(screen(["1 2"]), screen(["3 4"])) == "\u{1b}[1;1H3 4")
        #expect(update(screen(["1        2"]), screen(["3        4"])) == "\u{1b}[1;1H3\u{1b}[1;10H4")
    }

    @Test func `the rest of a line that is empty now is cleared`() {
        #expect(update(screen(["abcdefghijkl"]), screen(["abc"])) == "\u{1b}[1;4H\u{1b}[K")
    }

    @Test func `a screen of another size is drawn whole`() {
        let text = update(screen(["abc"], width: 10), screen(["abc"], width: 12))
        #expect(text == "\u{1b}[0m\u{1b}[2J\u{1b}[1;1Habc")
    }

    @Test func `colours are left out where they are not wanted, and what stands out still does`() {
        let warning = screen(["LOST"], .warning)
        #expect(update(nil, warning).contains("\u{1b}[0;1;31mLOST"))
        let plain = String(decoding: ScreenUpdate.bytes(from: nil, to: warning, isColored: false), as: UTF8.self)
        #expect(plain.contains("\u{1b}[0;1mLOST") && !plain.contains("31"))
    }

    @Test func `a wide character that is cut or replaced leaves no half`() throws {
        try check([screen(["漢字漢字 x"]), screen(["a字漢字 x"]), screen(["漢字漢字 x"]), screen(["aa漢b字 x"]), screen(["a漢漢漢 x"])])
        let narrow = screen(["漢字漢"], width: 5)
        #expect(narrow.lines == ["漢字"])
        #expect(screen(["e\u{301}x"]).lines == ["e\u{301}x"])
    }

    /// Whatever was shown before, the terminal shows what is wanted.
    @Test func `any screen becomes any other`() throws {
        var random = Numbers()
        let words = ["", " ", "a", "bc", "漢", "字x", "123,456", "▁▃█", "e\u{301}", "          ", "\u{1f642}"]
        let styles: [Style] = [.plain, .bar, .bold, .dim, .warning, .accent]
        let screens = (0..<200).map { _ in
            var screen = Screen(width: 37, height: 6)
            for _ in 0..<random.below(30) {
                screen.put(words[random.below(words.count)], line: random.below(6), column: random.below(37), styles[random.below(styles.count)])
            }
            return screen
        }
        try check(screens)
    }

    private func check(_ screens: [Screen]) throws {
        var terminal = EmulatedTerminal(width: screens[0].width, height: screens[0].height)
        terminal.soil()
        var before: Screen?
        for screen in screens {
            try terminal.take(ScreenUpdate.bytes(from: before, to: screen, isColored: true))
            #expect(terminal.screen.lines == screen.lines)
            #expect(terminal.screen.cells.map(\.style) == screen.cells.map(\.style))
            before = screen
        }
    }

    /// The same numbers each time.
    private struct Numbers {
        var state: UInt64 = 1

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }
}
