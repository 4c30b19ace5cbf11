/// An agent that is handled by hand: brought, started, asked after and ended by one command each.
public struct DetachedAgent: Sendable {
    /// Where it listens on the device: a port that is known, so that its forward is known again.
    public static let standardPort: UInt16 = 47474

    private let device: Device
    private let port: UInt16
    private let note: @Sendable (String) -> Void

    /// - Parameter note: told in a sentence what is worth knowing.
    public init(_ device: Device, port: UInt16 = standardPort, note: @escaping @Sendable (String) -> Void) {
        self.device = device
        self.port = port
        self.note = note
    }

    /// Brings the agent to the device, unless it is there.
    ///
    /// - Returns: its path there.
    public func push() async throws -> String {
        try await delivery().inFirstFolder(note) { folder in
            try await check(folder)
            return folder.agentPath
        }
    }

    /// Starts an agent that waits a minute for its controller, and forwards a port to it.
    ///
    /// - Parameter keepsFile: whether the file stays when the agent has ended.
    /// - Throws: `DeviceError.portTaken`.
    public func start(keepsFile: Bool) async throws -> AgentEndpoint {
        let token = AgentEndpoint.makeToken()
        try await delivery().inFirstFolder(note) { folder in
            let line = AgentScript(folder: folder, keepsFile: keepsFile).detached(port: port)
            let result = try await device.root.run(line, to: "start the agent", input: .text(token + "\n"), within: .seconds(20))
            try judge(result, folder)
        }
        try await removeForwards()
        return AgentEndpoint(Endpoint(host: "127.0.0.1", port: try await forward()), token: token)
    }

    /// Ends every agent on the device and removes its files and the forwards to `port`.
    ///
    /// - Returns: the process ids of those that ran.
    public func stop(keepsFile: Bool) async throws -> [UInt32] {
        let result = try await device.root.run(Self.ending(keepsFile: keepsFile), to: "end the agent")
        try await removeForwards()
        return Self.numbers(result.output)
    }

    public struct Status: Equatable, Sendable {
        /// The agent's files on the device.
        public var files: [String]
        /// Whether the one in the usual folder is the one that would be brought.
        public var isCurrent: Bool
        /// The processes that run.
        public var pids: [UInt32]
        /// The local ports that are forwarded to the device's.
        public var localPorts: [UInt16]
    }

    public func status() async throws -> Status {
        let result = try await device.root.run(Self.asking, to: "look for the agent")
        let digest = try AgentFile(for: device.profile).digest
        let lines = result.output.split(whereSeparator: \.isNewline).map(\.trimmed)
        return Status(
            files: lines.filter { $0.hasPrefix("/") }.map(String.init), isCurrent: device.profile.agentDigest == digest,
            pids: lines.filter { !$0.hasPrefix("/") }.flatMap(Self.numbers), localPorts: try await forwards())
    }

    // MARK: The device

    private func delivery() throws -> AgentDelivery { AgentDelivery(device: device, file: try AgentFile(for: device.profile)) }

    private func check(_ folder: AgentFolder) async throws {
        let result = try await device.root.run([folder.agentPath, "version"])
        if result.status != 0 { throw Refusal(folder: folder, reason: result.reason) }
    }

    private func judge(_ result: ShellResult, _ folder: AgentFolder) throws {
        let words = Substring(result.output).trimmed
        if words.hasPrefix("listening") { return }
        if words.hasPrefix("refused") { throw Refusal(folder: folder, reason: String(words)) }
        if words.contains("EADDRINUSE") { throw DeviceError.portTaken(serial: device.serial, port: port) }
        throw DeviceError.agentFailed(serial: device.serial, reason: words.isEmpty ? result.reason : String(words))
    }

    private static func numbers(_ text: some StringProtocol) -> [UInt32] {
        text.split(whereSeparator: \.isWhitespace).compactMap { UInt32($0) }
    }

    private static let paths = AgentFolder.all.map(\.agentPath)

    private static let asking = """
        for file in \(paths.joined(separator: " ")); do [ ! -e $file ] || echo $file; done
        pidof \(AgentFolder.agentName)
        """

    private static func ending(keepsFile: Bool) -> String {
        let name = AgentFolder.agentName
        return """
            pids=$(pidof \(name)) && { echo $pids; kill $pids; }
            for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do pidof \(name) >/dev/null || break; sleep 0.1; done
            pids=$(pidof \(name)) && kill -9 $pids
            \(keepsFile ? ":" : "rm -f \(paths.flatMap { [$0, $0 + ".log"] }.joined(separator: " "))")
            """
    }

    // MARK: Forwards

    private func forward() async throws -> UInt16 {
        let result = try await device.adb.run(["forward", "tcp:0", "tcp:\(port)"], to: "forward a port")
        guard result.status == 0, let local = UInt16(Substring(result.output).trimmed) else {
            throw DeviceError.adbFailed("forward a port", reason: result.reason)
        }
        return local
    }

    private func forwards() async throws -> [UInt16] {
        Self.localPorts(try await device.adb.run(["forward", "--list"], to: "list forwards").output, serial: device.serial, port: port)
    }

    private func removeForwards() async throws {
        for local in try await forwards() {
            _ = try await device.adb.run(["forward", "--remove", "tcp:\(local)"], to: "remove a forward")
        }
    }

    /// Of `adb forward --list`, whose lines are SERIAL LOCAL REMOTE, the local ports of those of one device to one port.
    static func localPorts(_ list: String, serial: String, port: UInt16) -> [UInt16] {
        list.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.trimmed.split(separator: " ")
            guard words.count >= 3, line.hasPrefix(serial + " "), words.last == "tcp:\(port)" else { return nil }
            let local = words[words.count - 2]
            return local.hasPrefix("tcp:") ? UInt16(local.dropFirst(4)) : nil
        }
    }
}
