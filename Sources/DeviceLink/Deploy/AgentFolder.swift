/// A folder of the device's where the agent may lie while it runs.
public struct AgentFolder: Equatable, Sendable {
    public var path: String
    /// Whether only root may write there, so that `adb push` cannot.
    var isRootOnly: Bool

    public var agentPath: String { path + "/" + Self.agentName }

    static let agentName = "faultline-agent"
    /// Where all of Android's tools are put.
    public static let usual = AgentFolder(path: "/data/local/tmp", isRootOnly: false)
    /// Where that is read-only, full or forbids running programs: memory, which has room and is gone after a restart.
    static let inMemory = ["/dev/shm", "/tmp", "/mnt", "/dev"].map { AgentFolder(path: $0, isRootOnly: true) }
    static let all = [usual] + inMemory
}
