/// Numbers as a line of bars.
enum Sparkline {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// One character a number: the highest bar is the highest number, a space is zero.
    static func text(_ values: [UInt64]) -> String {
        guard let most = values.max(), most > 0 else { return String(repeating: " ", count: values.count) }
        return String(values.map { $0 == 0 ? " " : bars[Int(Double($0) / Double(most) * Double(bars.count - 1) + 0.5)] })
    }
}
