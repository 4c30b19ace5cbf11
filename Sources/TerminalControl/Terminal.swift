internal import CTerminal
import Dispatch

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The terminal that standard input and output are: taken, drawn on, and given back as it was.
public enum Terminal {
    /// Whether text in colour is wanted: not with NO_COLOR (https://no-color.org).
    public static var isColored: Bool { (variable("NO_COLOR") ?? "").isEmpty }

    /// Whether the locale says that the terminal shows UTF-8.
    public static var isUnicode: Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { variable($0) }.first { !$0.isEmpty } ?? ""
        return locale.uppercased().contains("UTF-8") || locale.uppercased().contains("UTF8")
    }

    /// Columns and lines, as they are at this moment.
    public static var size: (width: Int, height: Int)? {
        var (width, height): (Int32, Int32) = (0, 0)
        guard terminal_size(&width, &height) == 0, width > 0, height > 0 else { return nil }
        return (Int(width), Int(height))
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    // MARK: Taking and giving back

    /// Sees whether there is one that can be drawn on.
    public static func check() throws(TerminalError) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .none }
        let kind = variable("TERM") ?? ""
        if kind.isEmpty || kind == "dumb" { throw .dumb }
    }

    /// Takes it: every key comes at once and unseen, the screen is empty, and standard error is held back. It is given back when
    /// the process ends, however that comes about.
    public static func enter() throws(TerminalError) {
        let code = terminal_enter()
        if code != 0 { throw .refused(String(cString: strerror(code))) }
    }

    /// Gives it back, when it has taken what was written before. What was held back comes out, and what is written later does not.
    public static func leave() {
        queue.sync {}
        terminal_leave()
    }

    /// Stops the process until the shell has it go on; meanwhile the terminal is as it was.
    public static func suspend() {
        queue.sync {}
        terminal_suspend()
    }

    /// Whether it has been taken again since this was asked last, so that all must be drawn anew.
    public static var wasTakenAnew: Bool { terminal_taken_anew() }

    // MARK: Bytes

    private static let queue = DispatchQueue(label: "terminal")

    /// Writes bytes, however long the terminal takes for them; nothing else waits meanwhile.
    public static func write(_ bytes: [UInt8]) async {
        await withCheckedContinuation { continuation in
            queue.async {
                bytes.withUnsafeBytes { terminal_write($0.baseAddress, $0.count) }
                continuation.resume()
            }
        }
    }

    /// What is typed, as it comes. It ends when the terminal has gone.
    public static var input: AsyncStream<[UInt8]> {
        AsyncStream { continuation in
            let typing = Typing(continuation)
            continuation.onTermination = { _ in typing.end() }
            typing.begin()
        }
    }
}

/// Reads what is typed into a stream. Its source calls it one call at a time.
private final class Typing: @unchecked Sendable {
    /// A terminal that says so many times in a row that there is something to read, and has nothing, is gone.
    private static let emptyReadLimit = 16

    private let source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .global())
    private let continuation: AsyncStream<[UInt8]>.Continuation
    private var emptyReads = 0

    init(_ continuation: AsyncStream<[UInt8]>.Continuation) { self.continuation = continuation }

    func begin() {
        source.setEventHandler { [self] in take(Self.readAll()) }
        source.resume()
    }

    func end() { source.cancel() }

    private func take(_ bytes: [UInt8]) {
        emptyReads = bytes.isEmpty ? emptyReads + 1 : 0
        if !bytes.isEmpty { continuation.yield(bytes) } else if emptyReads >= Self.emptyReadLimit { continuation.finish() }
    }

    private static func readAll() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = bytes.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
        return Array(bytes.prefix(max(count, 0)))
    }
}
