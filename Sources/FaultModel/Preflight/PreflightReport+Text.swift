extension PreflightReport {
    /// The report for a person: the verdict first, then the sources, then what each check found.
    public func text() -> String {
        var lines = [headline, ""]
        lines.append("sources")
        for verdict in sources { lines.append("  " + verdict.line) }
        lines.append("")
        lines.append("columns")
        if !columns.isEmpty { lines.append("  yes  " + columns.map { $0.name }.joined(separator: ", ")) }
        for gap in missing { lines.append("  no   " + padded(gap.column.name, to: 12) + gap.reason) }
        lines.append("")
        lines.append("checks")
        for check in checks { lines.append(contentsOf: check.lines) }
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        let pages = kernel.pageSize == 0 ? "pages of unknown size" : "\(kernel.pageSize)-byte pages"
        let dump = basis == .dump ? ", judged by its dumps" : ""
        let target = "Linux \(kernel.release), \(kernel.arch), \(pages)\(dump)"
        guard let source else { return "\(verdict.name): no page faults can be traced on \(target)" }
        return "\(verdict.name): page faults through \(source.name) on \(target)"
    }
}

extension SourceVerdict {
    var line: String {
        let mark = switch usable {
        case true?: "yes"
        case false?: "no"
        case nil: "?"
        }
        return padded(mark, to: 5) + padded(source.name, to: 12) + reason
    }
}

extension Check {
    var lines: [String] {
        let line = "  " + padded(status.name, to: 9) + padded(id.rawValue, to: 24) + found
        guard let remedy else { return [line] }
        return [line, String(repeating: " ", count: 35) + "-> " + remedy]
    }
}

private func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.utf8.count))
}
