import ArgumentParser
import DeviceLink
import FaultModel
import JSONText
import OfflinePreflight
import WireProtocol

/// `faultline preflight`: what the target's kernel can tell, and why not more; of a device that is not there, by its dumps.
struct PreflightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract: "Says which page faults the target's kernel can show, and what stands in the way of more.",
        discussion: """
            With --config no device is asked: what its kernel can show is concluded from files that were fetched from it. \
            They may be packed by gzip, and in UTF-8 or UTF-16.
            """)

    @OptionGroup(title: "Target") var target: TargetOptions
    @OptionGroup(title: "Dumps") var dumps: DumpOptions
    @Flag(help: "Write one JSON object.") var json = false

    func validate() throws {
        if dumps.config != nil, target.isNamed {
            throw ValidationError("--config judges a device that is not there; leave the target out, or --config.")
        }
    }

    func run() async throws {
        let report = try await report()
        try Console.write(json ? Self.json(report) : report.text())
        throw ExitCode(report.verdict.exitStatus)
    }

    private func report() async throws -> PreflightReport {
        if let files = dumps.files { return try files.preflight().report() }
        return try await target.withAgent(wantsChecks: true) { link, _ in
            try? await link.send(.stop)
            return link.hello.report
        }
    }

    private static func json(_ report: PreflightReport) -> String {
        var text = JSONText()
        report.write(to: &text)
        text.newline()
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
