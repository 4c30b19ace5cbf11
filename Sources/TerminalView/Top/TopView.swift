import LiveModel
import TraceModel

/// What `faultline top` shows, as a screen: pure, so that a test sees what a user sees.
public struct TopView: Sendable {
    /// Below that there is no room for anything worth reading.
    private static let leastWidth = 40
    private static let leastHeight = 8

    let state: TopState
    /// As it is now, and as it was when the user stopped it.
    let (now, shown): (TopData, TopData)
    let spark: BarChart
    public internal(set) var screen: Screen
    public internal(set) var contents = TopContents()

    /// - Parameters:
    ///   - now: how things stand.
    ///   - held: how they stood when the user paused; nil: the user has not.
    ///   - isUnicode: whether the terminal shows more than ASCII.
    public init(_ state: TopState, _ now: TopData, held: TopData? = nil, width: Int, height: Int, isUnicode: Bool = true) {
        self.state = state
        self.now = now
        shown = held ?? now
        spark = BarChart(isUnicode: isUnicode)
        screen = Screen(width: width, height: height)
        draw()
    }

    /// The screen before there is anything to show.
    ///
    /// - Parameter text: what is being waited for.
    public static func waiting(_ text: String, width: Int, height: Int) -> Screen {
        var screen = Screen(width: width, height: height)
        screen.put(" faultline top  " + SafeText.escaped(Array(text.utf8)), line: 0, column: 0, .bold)
        return screen
    }

    private mutating func draw() {
        guard screen.width >= Self.leastWidth, screen.height >= Self.leastHeight else {
            screen.put("The terminal is too small: \(Self.leastWidth)x\(Self.leastHeight) is the least.", line: 0, column: 0)
            return
        }
        var line = drawHeader()
        if state.isHelpShown {
            drawHelp(from: line)
        } else {
            line = drawTabs(at: line)
            drawPane(from: line)
        }
        drawFooter()
    }

    private mutating func drawPane(from line: Int) {
        let lines = line..<max(screen.height - 1, line)
        state.pane == .latency ? drawLatency(in: lines) : drawTable(in: lines)
    }

    // MARK: For the parts

    mutating func put(_ text: String, _ line: Int, _ column: Int = 1, end: Int? = nil, _ style: Style = .plain) {
        screen.put(text, line: line, column: column, end: end, style)
    }

    /// Writes a name that may be anything.
    ///
    /// - Parameter endsMatter: whether of a longer one the end is shown, as of a path.
    mutating func put(name: String, _ line: Int, _ column: Int, width: Int, endsMatter: Bool = false, _ style: Style = .plain) {
        let text = endsMatter ? SafeText.shortened(name, to: max(width, 2)) : SafeText.fitted(name, to: width)
        screen.put(text, line: line, column: column, end: column + width, style)
    }

    /// Writes text that ends before a column.
    mutating func put(_ text: String, _ line: Int, endingAt end: Int, _ style: Style = .plain) {
        screen.put(text, line: line, column: max(0, end - SafeText.width(text)), end: end, style)
    }

    mutating func restyle(_ line: Int, _ columns: Range<Int>, _ style: Style) { screen.restyle(line: line, columns, style) }

    var width: Int { screen.width }
    var height: Int { screen.height }
}
