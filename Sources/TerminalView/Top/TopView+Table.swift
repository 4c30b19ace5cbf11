import FaultModel
import LiveModel
import TraceModel

extension TopView {
    mutating func drawTable(in lines: Range<Int>) {
        let rows = TopRows(data: shown, state: state).rows
        let layout = TopLayout(shown, state, width: width)
        let height = tableHeight(lines.count - 1)
        (contents.columns, contents.rows, contents.pageSize) = (layout.columns, rows, height)
        drawHeading(layout, at: lines.lowerBound)
        let selected = contents.place(state.selected)
        let first = height > 0 ? selected / height * height : 0
        let whole = shown.faults(of: state.process)
        for (step, row) in rows.dropFirst(first).prefix(height).enumerated() {
            draw(row, layout, whole, at: lines.lowerBound + 1 + step, isSelected: first + step == selected)
        }
        if rows.isEmpty { drawEmpty(at: lines.lowerBound + 2) }
        if state.pane == .stacks, let row = contents.row(state.selected) { drawFrames(of: row, in: lines.dropFirst(height + 2)) }
    }

    /// Below the stacks there is room for the frames of the selected one.
    private func tableHeight(_ lines: Int) -> Int { state.pane == .stacks ? max(lines / 2, 1) : max(lines, 0) }

    private mutating func drawHeading(_ layout: TopLayout, at line: Int) {
        for place in layout.places {
            let isSorted = place.column == state.order.column
            let text = place.column == .name ? nameHeading : place.column.heading
            let style = isSorted ? Style(color: .cyan, isBold: true, isReverse: true) : Style.bold
            put(text, line, place, style)
        }
    }

    private var nameHeading: String {
        switch state.pane {
        case .processes: "process"
        case .threads: "thread"
        case .files: "file or memory"
        case .regions: "region"
        case .causes: "cause"
        case .stacks: "stack, innermost first"
        case .latency: ""
        }
    }

    private mutating func draw(_ row: TopRow, _ layout: TopLayout, _ whole: UInt64, at line: Int, isSelected: Bool) {
        let style = isSelected ? Style.bar : row.isEnded ? Style.dim : .plain
        if isSelected { restyle(line, 0..<width, .bar) }
        for place in layout.places {
            switch place.column {
            case .name: put(name: name(of: row), line, place.start, width: place.width, endsMatter: state.pane == .processes, style)
            case .trend: put(trend(of: row, place.width), line, place, isSelected ? style : .accent)
            default: put(place.column.cell(row, of: whole), line, place, self.style(of: row, place.column, style))
            }
        }
    }

    /// Major faults are what somebody waits for.
    private func style(of row: TopRow, _ column: TopColumn, _ style: Style) -> Style {
        guard style == .plain, column == .major && row.rate.major > 0 || column == .totalMajor && shown.isEnded && row.counts.major > 0 else {
            return style
        }
        return Style(color: .yellow, isBold: true)
    }

    private mutating func put(_ text: String, _ line: Int, _ place: TopLayout.Place, _ style: Style) {
        if place.column.isLeftAligned { return put(text, line, place.start, end: place.start + place.width, style) }
        put(text, line, endingAt: place.start + place.width, style)
    }

    /// A thread goes with its process where there are several.
    private func name(of row: TopRow) -> String {
        guard state.pane == .threads, state.process == nil, let pid = row.pid else { return row.name }
        let process = shown.activity.processes.first { $0.pid == pid }
        let told = process.flatMap { shown.summary.names.process($0.number, pid: pid)?.name } ?? process?.comm.text ?? ""
        return told == row.name || told.isEmpty ? row.name : "\(row.name)  (\(told))"
    }

    private func trend(of row: TopRow, _ width: Int) -> String {
        guard let pid = row.pid else { return "" }
        let values = shown.activity.curve(of: pid, columns: width).values
        let text = spark.lines(values, height: 1, top: values.max() ?? 0).first ?? ""
        return String(repeating: " ", count: width - values.count) + text
    }

    private mutating func drawEmpty(at line: Int) {
        let text = if !state.filter.isEmpty {
            "Nothing here has '\(SafeText.escaped(Array(state.filter.utf8)))' in its name; Esc clears the filter."
        } else if state.pane == .stacks {
            "No stacks: \(now.isEnded ? "trace" : "start it") with --stacks to see the functions that led to faults."
        } else {
            "No page faults yet."
        }
        put(text, line, 2, end: width - 1, .dim)
    }

    private mutating func drawFrames(of row: TopRow, in lines: Range<Int>.SubSequence) {
        guard case .stack(let number) = row.id, let first = lines.first else { return }
        put("frames of the selected stack", first, 1, .bold)
        let frames = StackLine(shown.summary.names, number).frames
        for (line, frame) in zip(lines.dropFirst(), frames) { put(name: frame, line, 2, width: width - 3) }
        let room = lines.count - 1
        if frames.count > room, room > 0 { put("and \(frames.count - room + 1) more frames" + String(repeating: " ", count: width), lines.last!, 2, end: width, .dim) }
    }
}
