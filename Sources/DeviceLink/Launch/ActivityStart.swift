/// What `am start -W` says when the activity has been drawn.
public struct ActivityStart: Equatable, Sendable {
    /// What Android calls the start: `COLD`, `WARM`, `HOT`; nil: it does not tell (before Android 10).
    public var state: String?
    /// The activity that was drawn in the end; nil: it does not tell.
    public var activity: Component?
    /// From when Android began to start the activity until it was drawn, in milliseconds; nil: it was not drawn.
    public var totalMs: UInt64?
    /// How long `am` waited for it, in milliseconds.
    public var waitMs: UInt64?

    public init(state: String? = nil, activity: Component? = nil, totalMs: UInt64? = nil, waitMs: UInt64? = nil) {
        self.state = state
        self.activity = activity
        self.totalMs = totalMs
        self.waitMs = waitMs
    }

    /// Reads all that `am` printed; lines may end as on Windows.
    ///
    /// - Throws: `Failure`.
    init(_ answer: String) throws(Failure) {
        self.init()
        var status: Substring?
        for line in answer.split(whereSeparator: \.isNewline).map(\.trimmed) {
            if let reason = Self.complaint(line) { throw Failure(reason: Self.withoutStop(reason)) }
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmed
            switch line[..<colon] {
            case "Status": status = value
            case "LaunchState": state = String(value)
            case "Activity": activity = Component(value)
            case "TotalTime": totalMs = UInt64(value)
            case "WaitTime": waitMs = UInt64(value)
            default: break
            }
        }
        guard let status else { throw Failure(reason: Self.lastLine(answer)) }
        if status != "ok" { throw Failure(reason: "its status is '\(status)'") }
    }

    /// The activity did not start, or was not drawn; in the words of `am`.
    struct Failure: Error, Equatable {
        var reason: String
    }

    /// `Error: …`, `Error type 3` where more follows, an exception, or a warning that nothing was started.
    private static func complaint(_ line: Substring) -> String? {
        if line.hasPrefix("Error: ") { return String(line.dropFirst(7).trimmed) }
        if line.hasPrefix("Warning: Activity not started") { return String(line.dropFirst(9).trimmed) }
        guard let exception = line.firstRange(of: "Exception: ") else { return nil }
        return String(line[exception.upperBound...].trimmed)
    }

    /// A sentence goes on behind it.
    private static func withoutStop(_ sentence: String) -> String { sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence }

    private static func lastLine(_ answer: String) -> String {
        answer.split(whereSeparator: \.isNewline).map(\.trimmed).last { !$0.isEmpty }.map(String.init) ?? "am says nothing"
    }
}
