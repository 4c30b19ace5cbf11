import TerminalView
import TraceModel
import WireProtocol

/// `faultline stat`.
struct CountViews {
    private var assembly: TallyAssembly

    init(_ hello: Hello, variant: Int) {
        let grouping = FaultGrouping.allCases[variant % FaultGrouping.allCases.count]
        assembly = TallyAssembly(hello: hello, grouping: grouping, weight: 1 + UInt64(variant % 3), countsIntervals: true)
    }

    consuming func take(_ messages: [AgentMessage]) {
        for message in messages { guard (try? take(message)) != nil else { break } }
        if let summary = assembly.finish() { _ = TallyReport(summary, top: TallyReport.groupsShown, isColored: false).text }
    }

    private mutating func take(_ message: AgentMessage) throws(TraceViolation) {
        if let part = try assembly.take(message) { _ = TallyReport(part, top: TallyReport.groupsShown, isColored: false).intervalText }
        for pid in assembly.takeUnexplained() { _ = HostMessage.look(Look(pid: pid)).encoded() }
    }
}
