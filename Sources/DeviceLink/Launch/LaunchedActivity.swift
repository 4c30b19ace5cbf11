/// An activity that was started and drawn, and when.
public struct LaunchedActivity: Equatable, Sendable {
    public var start: ActivityStart
    /// Around the command that started it.
    var began: DeviceMoment
    var ended: DeviceMoment

    /// Reads what `line` printed.
    ///
    /// - Throws: `ActivityStart.Failure`.
    init(_ answer: String) throws(ActivityStart.Failure) {
        let lines = answer.split(whereSeparator: \.isNewline).map(\.trimmed)
        func moment(_ word: String) -> DeviceMoment? {
            lines.lazy.filter { $0.hasPrefix(word + "=") }.compactMap { DeviceMoment($0.dropFirst(word.count + 1)) }.first
        }
        let said = lines.filter { !$0.hasPrefix("faultline_") }.joined(separator: "\n")
        start = try ActivityStart(said)
        guard let began = moment("faultline_began"), let ended = moment("faultline_ended") else {
            throw ActivityStart.Failure(reason: "the device's clock cannot be read")
        }
        (self.began, self.ended) = (began, ended)
    }

    /// The shell's line that starts an activity and reads the clocks around that.
    static func line(_ component: Component) -> String {
        """
        \(DeviceMoment.line("faultline_began"))
        am start -W -n \(ShellWord.quoted("\(component)")) 2>&1
        status=$?
        \(DeviceMoment.line("faultline_ended"))
        exit $status
        """
    }

    /// CLOCK_BOOTTIME of when Android was asked for the activity: `am` itself takes a moment to come up, and none to end.
    ///
    /// - Parameters:
    ///   - bootNs: CLOCK_BOOTTIME of some moment before the start.
    ///   - wallClockNs: CLOCK_REALTIME of the same moment.
    public func startNs(bootNs: UInt64, wallClockNs: UInt64) -> UInt64 {
        let clocks = (bootNs, wallClockNs)
        let began = began.bootNs(by: clocks)
        guard let waitMs = start.waitMs, waitMs < 1 << 32 else { return began }
        let (asked, isBeforeBoot) = ended.bootNs(by: clocks).subtractingReportingOverflow(waitMs * 1_000_000)
        return isBeforeBoot ? began : max(began, asked)
    }
}
