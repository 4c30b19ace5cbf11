/// Finds out how root is had, by becoming root in each way.
struct RootSearch: Sendable {
    let device: ADBDevice

    /// Root managers ask the device's owner, and give up after ten seconds themselves.
    static let patience = Duration.seconds(15)

    /// What a search came to.
    enum Finding: Equatable, Sendable {
        case way(RootWay)
        /// There is a su, which said this.
        case refused(String)
        case none
    }

    /// Tries the ways in which nothing changes on the device.
    ///
    /// - Throws: `DeviceError.rootUnanswered`.
    func search() async throws -> Finding {
        do {
            return Self.finding(try await device.shell(Self.line, to: "become root", within: Self.patience).output)
        } catch DeviceError.timedOut {
            throw DeviceError.rootUnanswered(serial: device.serial)
        }
    }

    /// Restarts adbd as root, which `adb unroot` undoes, and waits until it is there again.
    ///
    /// - Throws: `DeviceError.rootRefused`.
    func restartAsRoot() async throws {
        let result = try await device.run(["root"], to: "restart as root", within: .seconds(20))
        if let refusal = Self.refusal(result) { throw DeviceError.rootRefused(serial: device.serial, reason: refusal) }
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            let id = try? await device.shell("id -u", within: .seconds(2))
            if id?.output.split(whereSeparator: \.isWhitespace) == ["0"] { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw DeviceError.timedOut("reach device \(device.serial) again after 'adb root'", after: .seconds(20))
    }

    // MARK: The words of the device

    /// Prints `root=WAY`, or `refused=WORDS` where there is a su that did not.
    static let line = """
        is_root() { [ "$("$@" </dev/null 2>/dev/null)" = 0 ]; }
        if is_root id -u; then echo root=shell
        elif ! type su >/dev/null 2>&1; then :
        elif is_root su -c 'id -u'; then echo 'root=su -c'
        elif is_root su 0 sh -c 'id -u'; then echo 'root=su 0'
        elif is_root su root sh -c 'id -u'; then echo 'root=su root'
        else echo refused=$(su -c 'id -u' </dev/null 2>&1)
        fi
        """

    static func finding(_ answer: String) -> Finding {
        let lines = answer.split(whereSeparator: \.isNewline).map(\.trimmed)
        if let way = lines.lazy.compactMap({ value("root=", $0) }).compactMap(RootWay.init).first { return .way(way) }
        if let words = lines.lazy.compactMap({ value("refused=", $0) }).first { return .refused(words.isEmpty ? "su fails" : words) }
        return .none
    }

    /// Why `adb root` did not; it ends with 0 either way on most devices.
    static func refusal(_ result: ShellResult) -> String? {
        let text = result.output + result.errors
        if text.contains("restarting adbd as root") || text.contains("already running as root") { return nil }
        return result.status == 0 && text.isEmpty ? nil : result.reason
    }

    private static func value(_ name: String, _ line: Substring) -> String? {
        line.hasPrefix(name) ? String(line.dropFirst(name.count)) : nil
    }
}
