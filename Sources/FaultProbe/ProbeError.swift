import CLibbpf
import CLinux

/// A step on the way to the kernel's faults that did not work.
public struct ProbeError: Error, Equatable, Sendable {
    public enum Step: UInt8, Sendable {
        case choose, open, load, fillMap, attach, openPerfEvent, openBuffer
    }

    public var step: Step
    /// The program, map or source that it was about.
    public var subject: String
    /// The positive error number; zero where there is none.
    public var errno: Int32
    /// What libbpf or the verifier said, in one line; empty where it said nothing.
    public var detail: String

    /// - Parameter result: the negative error number that the kernel or libbpf returned.
    init(_ step: Step, _ subject: String, result: Int32 = 0, detail: String = "") {
        self.step = step
        self.subject = subject
        self.errno = result < 0 ? -result : result
        self.detail = detail
    }

    /// What failed and with which error, without a full stop, to stand in a sentence.
    public var text: String {
        var text = step.text + " " + subject + " failed"
        if errno != 0 { text += " with " + String(cString: linux_error_name(errno)) + " (\(errno))" }
        if !detail.isEmpty { text += ": " + detail }
        return text
    }
}

extension ProbeError.Step {
    var text: String {
        switch self {
        case .choose: "choosing"
        case .open: "opening the BPF object for"
        case .load: "loading"
        case .fillMap: "filling the map"
        case .attach: "attaching"
        case .openPerfEvent: "opening the perf event"
        case .openBuffer: "opening the buffer"
        }
    }
}

/// Runs a libbpf call and turns a negative result into an error with libbpf's last words.
func checked(
    _ step: ProbeError.Step, _ subject: String, _ call: () -> Int32
) throws(ProbeError) {
    libbpf_log_clear()
    let result = call()
    if result < 0 { throw ProbeError(step, subject, result: result, detail: libbpfWords()) }
}

/// The first line that libbpf warned with, without its prefix; empty where it knows no more than the error number, and guesses.
func libbpfWords() -> String {
    let text = String(cString: libbpf_log_text())
    let line = text.utf8.prefix { $0 != UInt8(ascii: "\n") }
    let prefix = "libbpf: ".utf8
    let words = line.starts(with: prefix) ? line.dropFirst(prefix.count) : line
    return words.starts(with: "Error in bpf_object__probe_loading".utf8) ? "" : String(decoding: words, as: UTF8.self)
}
