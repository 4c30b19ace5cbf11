import Recording
import TerminalView

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// A recording that has been played, and what its user has to know of it.
struct PlayedRecording<Failure: Error> {
    let path: String
    let result: Replayed<Failure>

    init(_ path: String, _ result: Replayed<Failure>) {
        self.path = path
        self.result = result
    }

    /// Why not everything is there, in words for a view; nil: all is.
    var missing: String? {
        if let problem = result.problem { return "\(problem)" }
        if result.cutBytes > 0 { return "the rest is missing, as it ends in the middle of a frame (\(result.cutBytes) bytes are left out)" }
        return result.summary.cutWords
    }

    /// Tells on standard error what is missing.
    ///
    /// - Throws: why not all of the file could be read.
    func tellProblems() throws(RecordingError) {
        if result.cutBytes > 0 {
            Console.error(
                "faultline: \(SafeText.escaped(Array(path.utf8))) ends in the middle of a frame, as its recorder was stopped; "
                    + "its last \(result.cutBytes) bytes were left out")
        }
        if let problem = result.problem { throw problem }
    }
}

/// How far the reading of a recording has come, as a line on a terminal; nothing where standard error is none.
struct ProgressLine {
    private static let interval = Duration.milliseconds(100)
    private let isShown = isatty(STDERR_FILENO) == 1
    private let state = State()

    private final class State {
        var shownAt = ContinuousClock.now
        var isOnScreen = false
        deinit { if isOnScreen { Console.write(line: "") } }
    }

    func show(_ progress: ReplayProgress) {
        guard isShown, ContinuousClock.now - state.shownAt >= Self.interval else { return }
        (state.shownAt, state.isOnScreen) = (.now, true)
        Console.write(line: ProgressBar.text(bytes: progress.bytes, of: progress.byteCount, events: progress.events))
    }
}
