/// Brings the agent's file to a device.
struct AgentDelivery: Sendable {
    let device: Device
    let file: AgentFile

    /// A phone on a slow cable takes two megabytes in a second or two.
    private static let patience = Duration.seconds(60)

    /// Runs `body` with the first folder that takes the agent and lets it run, and says so where that is not the usual one.
    ///
    /// - Throws: `DeviceError.noPlace`, and what `body` throws but for a `Refusal`.
    func inFirstFolder<Result>(
        _ note: (String) -> Void, _ body: (AgentFolder) async throws -> Result
    ) async throws -> Result {
        var refusals: [String] = []
        for folder in AgentFolder.all {
            do {
                try await deliver(to: folder)
                return try await body(folder)
            } catch let refusal as Refusal {
                await remove(from: folder)
                note("device \(device.serial): the agent cannot lie in \(refusal.text); trying elsewhere")
                refusals.append(refusal.text)
            }
        }
        throw DeviceError.noPlace(serial: device.serial, reasons: refusals)
    }

    /// Puts it into the folder, unless the same file is there.
    ///
    /// - Throws: `Refusal` where the folder does not take it.
    func deliver(to folder: AgentFolder) async throws {
        if folder == .usual, device.profile.agentDigest == file.digest { return }
        if folder == .usual, !device.profile.hasUsualFolder { throw Refusal(folder: folder, reason: "no such file or directory") }
        let result = try await send(to: folder)
        if result.status == 0 { return }
        let isGone = ["device offline", "not found", "no devices"].contains { result.reason.contains($0) }
        if isGone, !folder.isRootOnly { throw DeviceError.adbFailed("push the agent", reason: result.reason) }
        throw Refusal(folder: folder, reason: result.reason)
    }

    func remove(from folder: AgentFolder) async {
        _ = try? await device.root.run(AgentScript(folder: folder).removing)
    }

    private func send(to folder: AgentFolder) async throws -> ShellResult {
        if folder.isRootOnly {
            return try await device.root.run(
                AgentScript(folder: folder).storing, to: "copy the agent", input: .file(file.path), within: Self.patience)
        }
        return try await device.adb.run(["push", file.path, folder.agentPath], to: "push the agent", within: Self.patience)
    }
}

/// A folder does not take the agent or does not let it run.
struct Refusal: Error {
    let folder: AgentFolder
    let reason: String

    /// In a few words, from what adb, the shell or the kernel said.
    var text: String { "\(folder.path) (\(words))" }

    private var words: String {
        let known = ["Read-only file system", "No space left on device", "Permission denied", "No such file or directory"]
        return known.first { reason.lowercased().contains($0.lowercased()) }?.lowercased() ?? reason
    }
}
