/// What a device is, as its own shell tells.
public struct DeviceProfile: Equatable, Sendable {
    /// nil where it is no Android.
    public var model: String?
    public var androidVersion: String?
    public var kernelRelease: String
    /// The kernel's machine, in uname's words.
    public var machine: String
    /// Android's name for the first set of instructions that programs may have; the machine's where it is no Android.
    public var abi: String
    /// Whether `adb root` may be asked for.
    public var isDebuggable: Bool
    /// Whether it has the folder where Android's tools are put, which adb would make elsewhere.
    public var hasUsualFolder: Bool
    /// SHA-256 of the agent that is there already, in hexadecimal.
    public var agentDigest: String?
}

extension DeviceProfile {
    /// The architecture of the agent that runs there, by the kernel and not by Android's ABI: 32-bit Android runs on 64-bit kernels.
    public var agentArchitecture: String? {
        switch machine {
        case "aarch64", "arm64", "armv8l": "aarch64"
        case "x86_64", "amd64": "x86_64"
        default: nil
        }
    }

    /// What the device's shell is asked; each line of the answer is NAME=VALUE.
    static let questions = """
        echo kernel=$(uname -r)
        echo machine=$(uname -m)
        if type getprop >/dev/null 2>&1; then
            echo model=$(getprop ro.product.model)
            echo android=$(getprop ro.build.version.release)
            echo abi=$(getprop ro.product.cpu.abi)
            echo debuggable=$(getprop ro.debuggable)
        fi
        [ ! -d \(AgentFolder.usual.path) ] || echo folder=1
        echo agent=$(sha256sum \(AgentFolder.usual.agentPath) 2>/dev/null)
        """

    /// - Returns: nil for an answer that does not tell the kernel.
    init?(answer: String) {
        var values: [Substring: String] = [:]
        for line in answer.split(whereSeparator: \.isNewline) {
            guard let sign = line.firstIndex(of: "=") else { continue }
            let value = line[line.index(after: sign)...].trimmed
            if !value.isEmpty { values[line[..<sign]] = String(value) }
        }
        guard let kernel = values["kernel"], let machine = values["machine"] else { return nil }
        self.init(
            model: values["model"], androidVersion: values["android"], kernelRelease: kernel, machine: machine,
            abi: values["abi"] ?? machine, isDebuggable: values["debuggable"] == "1", hasUsualFolder: values["folder"] == "1",
            agentDigest: values["agent"]?.split(separator: " ").first.map(String.init))
    }
}
