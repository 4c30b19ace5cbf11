import FaultModel
import LiveModel
import TraceModel

extension TopView {
    /// Draws the names of the panes, below what is known of the process that is looked into.
    ///
    /// - Returns: the line below.
    mutating func drawTabs(at line: Int) -> Int {
        var line = line
        if let pid = state.process {
            drawProcess(pid, at: line)
            line += 1
        }
        var column = 1
        for (number, pane) in TopPane.panes(isOneProcess: state.process != nil).enumerated() {
            let text = width >= 90 ? " \(number + 1) \(pane.title) " : " \(pane.title) "
            guard column + text.count < width else { break }
            put(text, line, column, pane == state.pane ? .bar : .dim)
            column += text.count
        }
        if !state.filter.isEmpty || state.isFiltering {
            let text = " filter: \(SafeText.escaped(Array(state.filter.utf8))) "
            if column + SafeText.width(text) < width { put(text, line, endingAt: width - 1, Style(color: .yellow, isBold: true)) }
        }
        return line + 1
    }

    private mutating func drawProcess(_ pid: UInt32, at line: Int) {
        let process = shown.activity.processes.first { $0.pid == pid }
        let told = process.flatMap { shown.summary.names.process($0.number, pid: pid) }
        let name = told.flatMap { $0.name.isEmpty ? nil : $0.name } ?? process?.comm.text ?? ""
        let faults = shown.isEnded ? "\(Quantity.brief(process?.counts.faults ?? 0)) faults" : "\(Quantity.briefRate(process?.rate.faults ?? 0)) faults/s"
        var parts = ["process \(pid)  \(name)", faults]
        if let package = told?.package, !package.isEmpty, !name.hasPrefix(package) { parts.append(package) }
        if let parent = told?.parent, parent > 0 { parts.append("parent \(parent)") }
        if let uid = told?.uid { parts.append("uid \(uid)") }
        if told?.endedNs != nil { parts.append("ENDED") }
        if let line = told?.commandLine, !line.isEmpty { parts.append(line) }
        put(name: parts.joined(separator: "  "), line, 1, width: width - 2, .bold)
    }

    // MARK: The last line

    mutating func drawFooter() {
        let line = height - 1
        restyle(line, 0..<width, .bar)
        if state.isFiltering {
            let end = screen.put(" / " + SafeText.escaped(Array(state.filter.utf8)), line: line, column: 0, end: width - 1, .bar)
            screen.put("_", line: line, column: end, .bar)
            let hint = "Enter keeps it  Esc clears it "
            if end + hint.count + 2 < width { put(hint, line, endingAt: width, .bar) }
        } else {
            put(hints, line, 0, .bar)
            let place = position
            if SafeText.width(hints) + place.count < width { put(place, line, endingAt: width, .bar) }
        }
    }

    private var hints: String {
        if state.isHelpShown { return " any key: back to the table" }
        let open = state.process == nil ? "Enter open" : "Esc back"
        let pause = state.isPaused ? "Space go on" : "Space pause"
        return " ? help  \(open)  Tab view  <> sort  / filter  \(pause)  q quit "
    }

    /// Where the selected row is among all.
    private var position: String {
        if contents.rows.isEmpty || state.isHelpShown { return "" }
        return "\(Quantity.count(UInt64(contents.place(state.selected) + 1)))/\(Quantity.count(UInt64(contents.rows.count))) "
    }
}
