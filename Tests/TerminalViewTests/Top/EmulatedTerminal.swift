@testable import TerminalView

/// A terminal as far as `ScreenUpdate` commands it: what it shows after some bytes. Anything else is a fault of the bytes.
struct EmulatedTerminal {
    struct Unknown: Error, Equatable {
        let sequence: String
    }

    private(set) var screen: Screen
    private var (line, column) = (0, 0)
    private var style = Style.plain

    init(width: Int, height: Int) { screen = Screen(width: width, height: height) }

    /// What a terminal shows that somebody else has written on.
    mutating func soil() {
        for line in 0..<screen.height { screen.put(String(repeating: "#", count: screen.width), line: line, column: 0, .warning) }
    }

    mutating func take(_ bytes: [UInt8]) throws {
        var rest = String(decoding: bytes, as: UTF8.self)[...]
        while let first = rest.popFirst() {
            guard first == "\u{1b}" else {
                put(first)
                continue
            }
            guard rest.popFirst() == "[", let end = rest.firstIndex(where: \.isLetter) else { throw Unknown(sequence: String(rest)) }
            try command(rest[end], rest[..<end].split(separator: ";").compactMap { Int($0) })
            rest = rest[rest.index(after: end)...]
        }
    }

    private mutating func put(_ glyph: Character) {
        column = screen.put(String(glyph), line: line, column: column, style)
    }

    private mutating func command(_ final: Character, _ numbers: [Int]) throws {
        switch (final, numbers) {
        case ("H", let place) where place.count == 2: (line, column) = (place[0] - 1, place[1] - 1)
        case ("K", []): for place in column..<screen.width { screen.cells[line * screen.width + place] = Screen.Cell(glyph: " ", style: style) }
        case ("J", [2]): screen = Screen(width: screen.width, height: screen.height)
        case ("m", _): for number in numbers { try restyle(number) }
        default: throw Unknown(sequence: "\(final) \(numbers)")
        }
    }

    private mutating func restyle(_ number: Int) throws {
        switch number {
        case 0: style = .plain
        case 1: style.isBold = true
        case 2: style.isDim = true
        case 7: style.isReverse = true
        case 31...36: style.color = Style.Color(rawValue: UInt8(number - 30))
        default: throw Unknown(sequence: "m \(number)")
        }
    }
}
