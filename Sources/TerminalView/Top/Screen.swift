/// A terminal's screen: what stands in each column of each line.
public struct Screen: Equatable, Sendable {
    /// One column. A wide character takes the next one, too, which then holds nothing of its own.
    struct Cell: Equatable, Sendable {
        var glyph: Character?
        var style: Style

        static let blank = Cell(glyph: " ", style: .plain)
    }

    public let width: Int
    public let height: Int
    var cells: [Cell]

    /// An empty screen.
    public init(width: Int, height: Int) {
        (self.width, self.height) = (max(width, 0), max(height, 0))
        cells = [Cell](repeating: .blank, count: self.width * self.height)
    }

    /// Writes text that is safe to show (see `SafeText`), as much of it as fits.
    ///
    /// - Parameter end: the column before which it ends; the screen's width if not given.
    /// - Returns: the column behind it.
    @discardableResult
    mutating func put(_ text: String, line: Int, column: Int, end: Int? = nil, _ style: Style = .plain) -> Int {
        let end = min(end ?? width, width)
        guard (0..<height).contains(line), column >= 0 else { return column }
        var place = column
        for glyph in text {
            let columns = SafeText.width(String(glyph))
            if place + columns > end { break }
            if columns == 0 {
                join(glyph, before: place, line)
                continue
            }
            let start = line * width + place
            free(start..<start + columns, line)
            cells[start] = Cell(glyph: glyph, style: style)
            for tail in start + 1..<start + columns { cells[tail] = Cell(glyph: nil, style: style) }
            place += columns
        }
        return place
    }

    /// Of a wide character that is written over in part, the rest becomes blank.
    private mutating func free(_ places: Range<Int>, _ line: Int) {
        var head = places.lowerBound
        while cells[head].glyph == nil, head > line * width { head -= 1 }
        for place in head..<places.lowerBound { cells[place].glyph = " " }
        var tail = places.upperBound
        while tail < (line + 1) * width, cells[tail].glyph == nil {
            cells[tail].glyph = " "
            tail += 1
        }
    }

    /// A mark that takes no column goes with the character before it.
    private mutating func join(_ mark: Character, before place: Int, _ line: Int) {
        guard place > 0, let base = cells[line * width + place - 1].glyph else { return }
        cells[line * width + place - 1].glyph = Character(String(base) + String(mark))
    }

    /// Gives a line's columns another style and leaves their text.
    mutating func restyle(line: Int, _ columns: Range<Int>, _ style: Style) {
        guard (0..<height).contains(line) else { return }
        for column in columns.clamped(to: 0..<width) { cells[line * width + column].style = style }
    }

    /// The lines as text, without spaces at their ends.
    public var lines: [String] {
        (0..<height).map { line in
            let text = String(cells[line * width..<(line + 1) * width].compactMap(\.glyph))
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
    }
}

/// How text looks. Without colours what they say is said in words, too.
struct Style: Equatable, Sendable {
    enum Color: UInt8, Sendable {
        case red = 1
        case green, yellow, blue, magenta, cyan
    }

    var color: Color?
    var isBold = false
    var isDim = false
    /// Dark on light where all else is light on dark.
    var isReverse = false

    static let plain = Style()
    static let bold = Style(isBold: true)
    static let dim = Style(isDim: true)
    static let bar = Style(isReverse: true)
    static let warning = Style(color: .red, isBold: true)
    static let good = Style(color: .green)
    static let accent = Style(color: .cyan)

    /// The sequence that sets this style and nothing else (SGR).
    func code(isColored: Bool) -> String {
        var parts = ["0"]
        if isBold { parts.append("1") }
        if isDim { parts.append("2") }
        if isReverse { parts.append("7") }
        if isColored, let color { parts.append("3\(color.rawValue)") }
        return "\u{1b}[" + parts.joined(separator: ";") + "m"
    }
}
