/// A line of `adb devices -l`.
public struct ListedDevice: Equatable, Sendable {
    public var serial: String
    public var state: DeviceState
    /// As adb has it, with underscores for spaces; nil where it does not tell.
    public var model: String?

    public init(serial: String, state: DeviceState, model: String? = nil) {
        self.serial = serial
        self.state = state
        self.model = model
    }

    /// All devices in the text that `adb devices -l` prints, in its order. What adb says of its server is passed over.
    public static func all(in text: String) -> [ListedDevice] {
        let lines = text.split(whereSeparator: \.isNewline)
        guard let heading = lines.firstIndex(where: { $0.hasPrefix("List of devices") }) else { return [] }
        return lines[(heading + 1)...].compactMap { ListedDevice(line: $0) }
    }

    /// - Returns: nil for what is no device.
    init?(line: Substring) {
        guard !line.hasPrefix("*"), let (serial, rest) = Self.split(line), !rest.isEmpty else { return nil }
        self.init(serial: String(serial), state: Self.state(of: rest), model: Self.property("model", in: rest))
    }

    /// A serial may contain spaces; the first word that is a state ends it, or else the first space.
    private static func split(_ line: Substring) -> (serial: Substring, rest: Substring)? {
        let starts = line.indices.filter { line[$0].isWhitespace && !line[line.index(after: $0)...].hasPrefix(" ") }
        let found = starts.first { start in isState(line[line.index(after: start)...]) } ?? starts.first
        guard let found else { return nil }
        let serial = line[..<found].trimmed
        return serial.isEmpty ? nil : (serial, line[found...].trimmed)
    }

    private static func isState(_ text: Substring) -> Bool {
        DeviceState.words.contains { text.hasPrefix($0.word) && !(text.dropFirst($0.word.count).first?.isLetter ?? false) }
    }

    private static func state(of text: Substring) -> DeviceState {
        if let known = DeviceState.words.first(where: { text.hasPrefix($0.word) }) { return known.state }
        return .other(String(text.prefix { !$0.isWhitespace }))
    }

    private static func property(_ name: String, in text: Substring) -> String? {
        text.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1)) }
    }
}

extension Substring {
    /// Without whitespace at either end.
    var trimmed: Substring {
        let front = drop(while: \.isWhitespace)
        return front.lastIndex { !$0.isWhitespace }.map { front[...$0] } ?? ""
    }
}
