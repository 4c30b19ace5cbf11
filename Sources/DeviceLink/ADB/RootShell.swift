/// A device's shell, as root.
public struct RootShell: Sendable {
    public let device: ADBDevice
    public let way: RootWay

    public init(device: ADBDevice, way: RootWay) {
        self.device = device
        self.way = way
    }

    /// Runs a line of shell as root; see `ADB.run`.
    public func run(
        _ line: String, to what: String = "run a command as root", input: ShellInput = .none, within limit: Duration = ADB.patience
    ) async throws -> ShellResult {
        try await device.shell(way.wrap(line), to: what, input: input, within: limit)
    }

    /// Runs a program with its arguments, none of which the shell interprets.
    public func run(_ command: [String], within limit: Duration = ADB.patience) async throws -> ShellResult {
        try await run(command.map(ShellWord.quoted).joined(separator: " "), to: "run \(command.first ?? "")", within: limit)
    }
}

/// How root is had on a device.
public enum RootWay: String, CaseIterable, Equatable, Sendable {
    /// adb's shell is root, from the start or after `adb root`.
    case shell
    /// `su -c LINE`: Magisk, KernelSU and their like.
    case suC = "su -c"
    /// `su 0 sh -c LINE`: userdebug builds of AOSP.
    case su0 = "su 0"
    /// `su root sh -c LINE`.
    case suRoot = "su root"

    /// The line that runs `line` as root.
    func wrap(_ line: String) -> String {
        let word = ShellWord.quoted(line)
        return switch self {
        case .shell: line
        case .suC: "su -c \(word)"
        case .su0: "su 0 sh -c \(word)"
        case .suRoot: "su root sh -c \(word)"
        }
    }
}

/// A word of the device's shell.
enum ShellWord {
    /// The word in single quotes, so that the shell takes it as it is.
    static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
