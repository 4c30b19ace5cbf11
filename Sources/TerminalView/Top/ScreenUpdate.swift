import TraceModel

/// The bytes that turn what a terminal shows into another screen: only what differs, for the line may be slow.
public struct ScreenUpdate: Sendable {
    /// To go on over so many columns that are right already costs less than to move there.
    private static let shortGap = 4

    private let isColored: Bool
    private var bytes = TextBuffer(capacity: 4096)
    private var style = Style.plain
    /// Where the terminal will write next; nil: not known.
    private var cursor: (line: Int, column: Int)?

    /// - Parameters:
    ///   - shown: what the terminal shows; nil, or a screen of another size: anything, so that all is written.
    ///   - isColored: whether to use the terminal's colours.
    public static func bytes(from shown: Screen?, to wanted: Screen, isColored: Bool) -> [UInt8] {
        var update = ScreenUpdate(isColored: isColored)
        update.write(from: shown, to: wanted)
        return Array(update.bytes.bytes)
    }

    private init(isColored: Bool) { self.isColored = isColored }

    private mutating func write(from shown: Screen?, to wanted: Screen) {
        var before = Screen(width: wanted.width, height: wanted.height)
        if let shown, (shown.width, shown.height) == (wanted.width, wanted.height) {
            before = shown
        } else {
            bytes.append("\u{1b}[0m\u{1b}[2J")
        }
        for line in 0..<wanted.height { write(line, before, wanted) }
        if style != .plain { bytes.append("\u{1b}[0m") }
    }

    private mutating func write(_ line: Int, _ before: Screen, _ wanted: Screen) {
        let columns = line * wanted.width..<(line + 1) * wanted.width
        var place = columns.lowerBound
        while let next = (place..<columns.upperBound).first(where: { before.cells[$0] != wanted.cells[$0] }) {
            place = start(of: next, wanted, columns)
            if clear(from: place, before, wanted, columns, line) { return }
            place = writeRun(from: place, before, wanted, columns, line)
        }
    }

    /// A wide character is written from its first column.
    private func start(of place: Int, _ wanted: Screen, _ columns: Range<Int>) -> Int {
        wanted.cells[place].glyph == nil && place > columns.lowerBound ? place - 1 : place
    }

    /// Where nothing but blanks follows, the rest of the line is cleared. Returns whether it was so.
    private mutating func clear(from place: Int, _ before: Screen, _ wanted: Screen, _ columns: Range<Int>, _ line: Int) -> Bool {
        guard columns.upperBound - place > Self.shortGap, wanted.cells[place..<columns.upperBound].allSatisfy({ $0 == .blank }) else {
            return false
        }
        move(to: line, place - columns.lowerBound)
        set(.plain)
        bytes.append("\u{1b}[K")
        return true
    }

    /// Writes until a longer piece is right already. Returns where that is.
    private mutating func writeRun(from start: Int, _ before: Screen, _ wanted: Screen, _ columns: Range<Int>, _ line: Int) -> Int {
        var place = start
        while place < columns.upperBound {
            let near = place..<min(place + Self.shortGap, columns.upperBound)
            if near.allSatisfy({ before.cells[$0] == wanted.cells[$0] }) { return place }
            let cell = wanted.cells[place]
            if let glyph = cell.glyph { write(glyph, cell.style, line, place - columns.lowerBound) }
            place += 1
        }
        return place
    }

    private mutating func write(_ glyph: Character, _ style: Style, _ line: Int, _ column: Int) {
        move(to: line, column)
        set(style)
        bytes.append(text: String(glyph))
        // Terminals do not agree on how wide such characters are.
        cursor = glyph.isASCII || BarChart.glyphs.contains(glyph) ? (line, column + 1) : nil
    }

    private mutating func set(_ new: Style) {
        if style != new { bytes.append(text: new.code(isColored: isColored)) }
        style = new
    }

    private mutating func move(to line: Int, _ column: Int) {
        if let cursor, cursor == (line, column) { return }
        bytes.append("\u{1b}[")
        bytes.decimal(UInt64(line + 1))
        bytes.append(";")
        bytes.decimal(UInt64(column + 1))
        bytes.append("H")
        cursor = (line, column)
    }
}
