/// Why nothing can be drawn on the terminal.
public enum TerminalError: Error, Equatable, Sendable {
    /// Standard input or output is none.
    case none
    /// It cannot move its cursor, as TERM has it.
    case dumb
    /// The system refused it, in its words.
    case refused(String)
}

extension TerminalError: CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .none: "top draws on a terminal, and standard input or output is none; use stat --interval 1s for numbers in a pipe or a file"
        case .dumb: "top moves the cursor, and this terminal cannot, as TERM says; use stat --interval 1s, or set TERM to what the terminal is"
        case .refused(let reason): "the terminal cannot be used: \(reason); use stat --interval 1s for numbers without one"
        }
    }
}
