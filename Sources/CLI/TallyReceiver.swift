import DeviceLink
import TraceModel
import WireProtocol

/// Drives one counting of faults: messages come off the link, and what they make worth asking goes back.
struct TallyReceiver {
    private var assembly: TallyAssembly
    /// Takes what one interval came to; throws when nobody reads it any more.
    private let interval: (@Sendable (TallySummary) throws(OutputError) -> Void)?
    private var outputError: OutputError?

    /// - Parameter interval: nil: nobody asks for intervals.
    init(
        hello: Hello, grouping: FaultGrouping, weight: UInt64,
        interval: (@Sendable (TallySummary) throws(OutputError) -> Void)?
    ) {
        assembly = TallyAssembly(hello: hello, grouping: grouping, weight: weight, countsIntervals: interval != nil)
        self.interval = interval
    }

    /// Receives until the agent has said goodbye or something has gone wrong.
    ///
    /// - Parameters:
    ///   - look: asks the agent for a process's mappings.
    ///   - stops: what ends the trace.
    /// - Returns: what it came to, and what ended it before its time.
    /// - Throws: `LinkError` where no trace came about; `OutputError` where the output failed, unless its reader had seen enough.
    mutating func receive(
        _ messages: inout AgentMessages, look: (UInt32) async -> Void, stops: Stops
    ) async throws -> (summary: TallySummary, failure: LinkError?) {
        var failure: LinkError?
        do throws(LinkError) {
            while !assembly.hasEnded, let message = try await messages.next() {
                let part = try take(message)
                if case .started = message { stops.arm() }
                for pid in assembly.takeUnexplained() { await look(pid) }
                if let part, handOut(part) != nil { await stops.stop() }
            }
        } catch {
            guard assembly.hasBegun else { throw error }
            failure = error
        }
        guard let total = assembly.finish() else { throw LinkError.nobodyThere }
        if let cut = total.cut { failure = failure ?? (cut == .noEnding ? .cut : .incomplete) }
        if let outputError, outputError != .closed { throw outputError }
        return (total, failure)
    }

    private mutating func take(_ message: AgentMessage) throws(LinkError) -> TallySummary? {
        do throws(TraceViolation) {
            return try assembly.take(message)
        } catch {
            throw LinkError(error)
        }
    }

    /// Hands out what has come since the last interval, unless that has failed before.
    ///
    /// - Returns: why it failed now.
    private mutating func handOut(_ part: TallySummary) -> OutputError? {
        guard let interval, outputError == nil else { return nil }
        do throws(OutputError) {
            try interval(part)
            return nil
        } catch {
            outputError = error
            return error
        }
    }
}
