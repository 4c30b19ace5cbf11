import LiveModel

extension TopView {
    /// How long faults took, in steps of powers of two.
    mutating func drawLatency(in lines: Range<Int>) {
        let steps = shown.activity.histogram(of: state.process)
        let whole = steps.reduce(0, +)
        guard whole > 0, let first = steps.firstIndex(where: { $0 > 0 }), let last = steps.lastIndex(where: { $0 > 0 }) else {
            let text = shown.tellsTime ? "No page faults yet." : "This source does not tell how long faults take."
            return put(text, lines.lowerBound + 2, 2, .dim)
        }
        put("   took from        to    faults   share", lines.lowerBound, 1, .bold)
        let room = max(lines.count - 1, 1)
        let shownSteps = Array((first...last).suffix(room))
        let most = steps.max() ?? 0
        for (place, step) in shownSteps.enumerated() {
            let cells = [
                Quantity.briefTime(Double(UInt64(1) << UInt64(step))), Self.end(of: step, steps.count), Quantity.brief(steps[step]),
                Quantity.share(steps[step], of: whole),
            ]
            let line = lines.lowerBound + 1 + place
            for (cell, end) in zip(cells, [13, 23, 33, 41]) { put(cell, line, endingAt: end) }
            put(spark.bar(steps[step], of: most, width: max(width - 44, 0)), line, 43, end: width - 1, .accent)
        }
    }

    private static func end(of step: Int, _ count: Int) -> String {
        step == count - 1 ? "and more" : Quantity.briefTime(Double(UInt64(1) << UInt64(step + 1)))
    }
}
