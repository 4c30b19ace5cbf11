import FaultModel
import LiveModel
import TraceModel
import WireProtocol

extension TopView {
    /// Draws what is always in sight: the source, losses, rates and their last minutes, and what is missing.
    ///
    /// - Returns: the line below.
    mutating func drawHeader() -> Int {
        drawTitle(at: 0)
        drawRates(at: 1)
        let height = self.height >= 40 ? 4 : self.height >= 20 ? 2 : 1
        drawHistory(at: 2, height: height)
        guard let missing = now.missing else { return 2 + height }
        put(name: "incomplete: " + missing, 2 + height, 1, width: width - 2, .warning)
        return 3 + height
    }

    // MARK: The title

    private mutating func drawTitle(at line: Int) {
        let session = now.summary.session
        restyle(line, 0..<width, .bar)
        let right = [lossWord, stateWord].filter { !$0.isEmpty }.joined(separator: "  ") + " "
        let end = width - SafeText.width(right)
        let (name, source) = (" faultline top  ", "  \(session.source.name), \(session.transport.name)")
        let target = SafeText.fitted(now.target, to: max(end - 1 - name.count - source.count, 4))
        put(name + target + source, line, 0, end: end - 1, .bar)
        put(right, line, end, .bar)
        guard now.summary.lost > 0 else { return }
        restyle(line, end..<end + SafeText.width(lossWord), Style(color: .red, isBold: true, isReverse: true))
    }

    private var lossWord: String {
        now.summary.lost == 0 ? "none lost" : "\(Quantity.brief(now.summary.lost)) LOST"
    }

    private var stateWord: String {
        let seconds = now.activity.elapsedNs / 1_000_000_000
        let time = seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
        return (state.isLeaving ? "ENDING " : state.isPaused ? "PAUSED " : "") + (!now.isEnded ? "" : now.missing == nil ? "ended after " : "INCOMPLETE after ") + time
    }

    // MARK: Rates

    private mutating func drawRates(at line: Int) {
        let failed = shown.tellsOutcome ? shown.activity.totals.failed : 0
        var parts = shown.isEnded ? sums : rates
        if failed > 0 { parts.append("\(Quantity.brief(failed)) failed") }
        if shown.isEnded { parts.append("\(Quantity.briefRate(shown.summary.ratePerSecond))/s mean") }
        put(parts.joined(separator: "   "), line, 1, end: width - 1, .bold)
        let text = sampleWord
        if !text.isEmpty, SafeText.width(parts.joined(separator: "   ")) + text.count + 4 < width {
            put(text, line, endingAt: width - 1, .accent)
        }
    }

    private var rates: [String] {
        let rate = shown.activity.rate
        var parts = ["\(Quantity.briefRate(rate.faults)) faults/s"]
        if shown.tellsOutcome { parts.append("\(Quantity.briefRate(rate.major)) major/s") }
        if shown.tellsTime { parts.append("\(Quantity.briefTime(rate.timeNs))/s in faults") }
        return parts + ["\(Quantity.brief(shown.activity.totals.faults)) in all"]
    }

    /// Of a trace that is over: a rate of its last second would say nothing of it.
    private var sums: [String] {
        let totals = shown.activity.totals
        var parts = ["\(Quantity.brief(totals.faults)) faults"]
        if shown.tellsOutcome { parts.append("\(Quantity.brief(totals.major)) major") }
        if shown.tellsTime { parts.append("\(Quantity.briefTime(Double(totals.timeNs))) in faults") }
        return parts
    }

    private var sampleWord: String {
        let every = now.summary.session.sampleEvery
        return every > 1 ? "estimated from one fault in \(Quantity.count(UInt64(every)))" : ""
    }

    // MARK: The last minutes

    /// One column a second, the latest to the right, or the whole of what is over; the scale stands there, too.
    private mutating func drawHistory(at line: Int, height: Int) {
        let scaleWidth = 10
        let curve = shown.activity.curve(columns: max(width - scaleWidth - 2, 0))
        let values = curve.values
        let top = values.max() ?? 0
        let start = width - scaleWidth - 1 - values.count
        for (step, text) in spark.lines(values, height: height, top: top).enumerated() {
            put(text, line + step, start, .accent)
        }
        put("\(Quantity.briefRate(curve.peak))/s", line, endingAt: width - 1, .dim)
        if height > 1 { put("0/s", line + height - 1, endingAt: width - 1, .dim) }
    }
}
