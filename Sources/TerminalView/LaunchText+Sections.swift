import FaultModel
import TraceModel
import TraceReport

extension LaunchText {
    private static let columns = 64
    private static let filesShown = 10
    private static let rangesShown = 10

    // MARK: Over time

    /// From the start to the trace's end, with a mark where the activity was drawn.
    var timeLines: [String] {
        let (lengthNs, columns) = report.columns(limit: Self.columns)
        if columns.isEmpty { return [] }
        let bars = [("faults", columns.map(\.events)), ("time in them", columns.map(\.latencyNs))].filter { !$0.1.allSatisfy { $0 == 0 } }
        let lines = bars.map { name, values in "  \(Self.padded(name))|\(Sparkline.text(values))|" }
        return [title("from the start on") + ", \(Quantity.duration(lengthNs)) a column"] + lines + displayedLine(lengthNs, columns.count)
    }

    private func displayedLine(_ lengthNs: UInt64, _ count: Int) -> [String] {
        guard let ns = report.launch.displayedAfterNs, ns / lengthNs < UInt64(count) else { return [] }
        return ["  " + Self.padded("") + String(repeating: " ", count: Int(ns / lengthNs) + 1) + "^ displayed"]
    }

    private static func padded(_ name: String) -> String { name + String(repeating: " ", count: 13 - name.count) }

    // MARK: The worst

    var worstLines: [String] {
        let names = report.faults.summary.names
        if report.faults.worst.isEmpty { return [] }
        var table = TextTable(heading: ["at", "took", "cause", "thread", "place", "by"], leftAligned: [2, 3, 4, 5])
        for fault in report.faults.worst {
            table.add(
                [
                    moment(fault.timeNs), Quantity.duration(fault.latencyNs ?? 0), fault.cause?.words ?? "-",
                    SafeText.escaped(fault.thread.comm.bytes), place(of: fault, names), code(of: fault, names),
                ])
        }
        return [title("faults that took longest")] + table.lines
    }

    private func place(of fault: PageFault, _ names: TraceNames) -> String {
        guard let name = names.mapping(fault.place) else { return "0x" + String(fault.address, radix: 16) }
        return Self.shortened(name) + "+0x" + String(fault.place.offset, radix: 16)
    }

    private func code(of fault: PageFault, _ names: TraceNames) -> String {
        guard let name = names.mapping(fault.code) else { return "0x" + String(fault.ip, radix: 16) }
        guard let symbol = names.symbol(fault.code) else { return Self.shortened(name) + "+0x" + String(fault.code.offset, radix: 16) }
        return Self.shortened(name) + "!" + ReportText.safe(symbol.name)
    }

    private static func shortened(_ name: String) -> String {
        guard name.hasPrefix("/"), let slash = name.lastIndex(of: "/") else { return SafeText.shortened(name, to: 32) }
        return SafeText.shortened(String(name[name.index(after: slash)...]), to: 32)
    }

    // MARK: What to read ahead

    var readLines: [String] {
        let (files, others) = (report.faults.reads, report.faults.otherReads)
        if files.isEmpty { return [] }
        let faults = files.reduce(0) { $0 + $1.faults }
        let heading = title("read from storage, in file order") + ": \(Quantity.count(faults)) faults waited "
            + Quantity.duration(files.reduce(0) { $0.addingOrMax($1.latencyNs) })
        let rest = files.count > Self.filesShown ? ["  and \(Quantity.count(UInt64(files.count - Self.filesShown))) more files; --json has them"] : []
        let lost = others > 0 ? ["  and \(Quantity.count(others)) reads that were too many to keep apart"] : []
        return [heading] + files.prefix(Self.filesShown).flatMap(lines) + rest + lost
    }

    private func lines(_ file: FileReads) -> [String] {
        var table = TextTable(heading: ["offset", "size", "faults", "waited", "first at"], leftAligned: [])
        for range in file.ranges.prefix(Self.rangesShown) {
            table.add(
                [
                    "0x" + String(range.offset, radix: 16), Quantity.bytes(range.end - range.offset), Quantity.count(range.faults),
                    Quantity.duration(range.latencyNs), moment(range.firstNs),
                ])
        }
        let rest = file.ranges.count - Self.rangesShown
        let more = rest > 0 ? ["    and \(Quantity.count(UInt64(rest))) more ranges; --json has them"] : []
        return ["  " + ReportText.safe(file.name)] + table.lines.map { "  " + $0 } + more
    }
}
