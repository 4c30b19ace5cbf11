/// Numbers over time as bars of a line's height, or of several lines'.
struct BarChart: Sendable {
    private static let blocks: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    /// For a terminal that has no such characters.
    private static let plain: [Character] = [" ", ".", "_", "-", "=", "+", "*", "#", "#"]
    /// What every terminal shows in one column.
    static let glyphs = Set(blocks + ["│", "─", "▲", "▼", "›", "…"])

    private let steps: [Character]

    /// - Parameter isUnicode: whether the terminal shows block elements.
    init(isUnicode: Bool) { steps = isUnicode ? Self.blocks : Self.plain }

    /// Lines from the top down, as wide as there are values. What is not zero is to be seen.
    ///
    /// - Parameter top: the value that fills the height; values above it do, too.
    func lines(_ values: [UInt64], height: Int, top: UInt64) -> [String] {
        let levels = values.map { level($0, height * 8, top) }
        return (0..<height).reversed().map { line in
            String(levels.map { steps[min(max($0 - line * 8, 0), 8)] })
        }
    }

    private func level(_ value: UInt64, _ levels: Int, _ top: UInt64) -> Int {
        if value == 0 || top == 0 { return 0 }
        return max(1, min(levels, Int((Double(value) / Double(top) * Double(levels)).rounded())))
    }

    /// A bar to the right, as long as a share of `width`.
    func bar(_ part: UInt64, of whole: UInt64, width: Int) -> String {
        String(repeating: steps[8], count: part == 0 ? 0 : max(1, Int(Double(part) / Double(max(whole, 1)) * Double(width))))
    }
}
