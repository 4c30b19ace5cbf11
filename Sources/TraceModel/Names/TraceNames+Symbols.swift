public import FaultModel
public import WireProtocol

/// Functions' names: what of them is wanted, asked and answered.
extension TraceNames {
    /// Questions that have been asked, and answers that have come, since the trace began.
    public var symbolsAsked: Int { symbols.asked }
    public var symbolsAnswered: Int { symbols.answered }

    /// Wants the functions that these faults' instructions belong to.
    public mutating func wantSymbols(of faults: [PageFault]) {
        for fault in faults {
            symbols.want(fault.code, of: fault.thread.pid)
            if fault.stacks != FaultStacks() { wantSymbols(ofStacksOf: fault) }
        }
    }

    private mutating func wantSymbols(ofStacksOf fault: PageFault) {
        for number in [fault.stacks.user, fault.stacks.kernel] {
            for frame in stacks.find(number)?.frames ?? [] { symbols.want(frame.code, of: fault.thread.pid) }
        }
    }

    /// What to ask the agent now.
    public mutating func takeSymbolQuestions() -> [Symbolise] {
        // Not all of `self`, which would be a second owner of what is changed.
        let (mappings, identities) = (mappings, identities)
        return symbols.takeQuestions { MappedFile(name: mappings[Int($0)], identity: identities[Int($0)]) }
    }

    /// - Returns: whether it answers a question that has been asked.
    @discardableResult
    public mutating func note(_ answer: Symbols) -> Bool { symbols.note(answer) }

    /// All that is known of functions.
    var retoldSymbols: [Symbols] { symbols.retold(file: file) }

    /// Files in which places have no function's name.
    public var namelessFiles: [NamelessFile] { symbols.nameless { mappings[Int($0)] } }
}
