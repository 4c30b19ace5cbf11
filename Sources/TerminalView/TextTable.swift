/// Rows of cells as aligned columns: numbers to the right, the last column as it is.
public struct TextTable {
    private var rows: [[String]]
    private let leftAligned: Set<Int>

    /// - Parameter leftAligned: the columns of words; all others stand to the right.
    public init(heading: [String], leftAligned: Set<Int>) {
        rows = [heading]
        self.leftAligned = leftAligned
    }

    public mutating func add(_ row: [String]) { rows.append(row) }

    /// One line a row, two spaces in front and between.
    public var lines: [String] {
        let widths = rows[0].indices.map { column in rows.map { SafeText.width($0[column]) }.max() ?? 0 }
        return rows.map { row in "  " + line(row, widths) }
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        let last = row.count - 1
        let cells = row.indices.map { column in
            let spaces = String(repeating: " ", count: widths[column] - SafeText.width(row[column]))
            if leftAligned.contains(column) { return row[column] + (column == last ? "" : spaces) }
            return spaces + row[column]
        }
        return cells.joined(separator: "  ")
    }
}
