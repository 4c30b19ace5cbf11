import ArgumentParser
import DeviceLink
import FaultModel
import JSONText
import WireProtocol

/// `faultline preflight`: what the target's kernel can tell, and why not more.
struct PreflightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract: "Says which page faults the target's kernel can show, and what stands in the way of more.")

    @OptionGroup(title: "Target") var target: TargetOptions
    @Flag(help: "Write one JSON object.") var json = false

    func run() async throws {
        let report = try await target.withAgent(wantsChecks: true) { link, _ in
            try? await link.send(.stop)
            return link.hello.report
        }
        try Console.write(json ? Self.json(report) : report.text())
        throw ExitCode(report.verdict.exitStatus)
    }

    private static func json(_ report: PreflightReport) -> String {
        var text = JSONText()
        report.write(to: &text)
        text.newline()
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
