import ArgumentParser
import DeviceLink
import JSONText
import TerminalView

/// `faultline devices`: what is attached, and whether it can be traced.
struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "Lists the devices that adb reaches, and how root is had there.",
        discussion: "Root is tried for, so that a root manager may ask on the device whether the shell may have it.")

    @Option(
        help: ArgumentHelp("The adb program. (default: $ADB, else the one on PATH)", valueName: "path"), completion: .file())
    var adb: String?
    @Flag(help: "Write one JSON object.") var json = false

    func run() async throws {
        let surveys = try await DeviceSurvey.all(ADB.find(adb))
        if json { return try Console.write(Self.json(surveys)) }
        if surveys.isEmpty { throw DeviceError.noDevices }
        try Console.write(Self.text(surveys))
        for problem in surveys.compactMap(\.problem) { DeviceOptions.note(problem) }
    }

    // MARK: Output

    private static func text(_ surveys: [DeviceSurvey]) -> String {
        var table = TextTable(
            heading: ["serial", "state", "model", "Android", "kernel", "ABI", "root"], leftAligned: Set(0...6))
        for survey in surveys { table.add(row(survey).map { SafeText.escaped(Array($0.utf8)) }) }
        return table.lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ survey: DeviceSurvey) -> [String] {
        let profile = survey.profile
        let root = survey.root == RootWay.shell.rawValue ? "adb shell" : survey.root
        return [
            survey.device.serial, survey.device.state.word, profile?.model ?? survey.device.model ?? "-",
            profile?.androidVersion ?? "-", profile?.kernelRelease ?? "-", profile?.abi ?? "-", root ?? "-",
        ]
    }

    private static func json(_ surveys: [DeviceSurvey]) -> String {
        var text = JSONText()
        text.beginObject()
        text.key("devices")
        text.beginArray()
        for survey in surveys { survey.write(to: &text) }
        text.endArray()
        text.endObject()
        text.newline()
        return String(decoding: text.bytes, as: UTF8.self)
    }
}

extension DeviceSurvey {
    /// Everything but the serial and the state may be null: not known, or none.
    fileprivate func write(to text: inout JSONText) {
        text.beginObject()
        text.key("serial")
        text.string(device.serial)
        text.key("state")
        text.string(device.state.word)
        text.key("model")
        text.string(profile?.model ?? device.model)
        text.key("android_version")
        text.string(profile?.androidVersion)
        text.key("kernel")
        text.string(profile?.kernelRelease)
        text.key("abi")
        text.string(profile?.abi)
        text.key("root")
        text.string(root)
        text.key("problem")
        text.string(problem)
        text.endObject()
    }
}
