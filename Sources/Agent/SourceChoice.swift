import CLinux
import FaultModel
import FaultProbe
import WireProtocol

/// Which source a trace gets: the one it asks for, or the best that works and tells what the filter has to know.
struct SourceChoice {
    private var start: Start
    private let symboliser: UInt32

    /// - Parameter symboliser: its process id; zero: there is none.
    /// - Throws: where the filter names a package that the device does not have.
    init(_ start: Start, symboliser: UInt32) throws(AgentError) {
        self.start = start
        self.start.filter = try start.filter.withPackageUsers(.live())
        self.symboliser = symboliser
    }

    /// - Throws: what kept each source from working.
    func recorder(handler: @escaping RecordHandler) throws(AgentError) -> FaultRecorder {
        guard start.source == nil else { return try recorder(start.source!, handler) }
        var reasons: [String] = []
        for source in FaultSource.allCases {
            do throws(AgentError) {
                return try recorder(source, handler)
            } catch {
                reasons.append(error.text)
            }
        }
        throw AgentError(.cannotTrace, reasons.joined(separator: "; ") + "; " + Self.advice)
    }

    private static let advice = "run the agent as root, or faultline preflight to see what is in the way"

    private func recorder(_ source: FaultSource, _ handler: @escaping RecordHandler) throws(AgentError) -> FaultRecorder {
        let recorder: FaultRecorder
        do throws(ProbeError) {
            recorder = try FaultRecorder(request(source), handler: handler)
        } catch {
            throw AgentError(.cannotTrace, "\(source.name) cannot be traced: \(error.text)")
        }
        for column in start.filter.neededColumns where !recorder.columns.contains(column) {
            throw AgentError(.badFilter, "\(source.name) does not tell \(column.name) here: leave that filter out or choose another source")
        }
        return recorder
    }

    private func request(_ source: FaultSource) -> ProbeRequest {
        ProbeRequest(
            source: source, transport: start.transport, wantsOutcome: start.wantsOutcome,
            stacks: start.tally == nil ? start.stacks : [], bufferSize: start.bufferSize == 0 ? ProbeRequest.defaultBufferSize : start.bufferSize,
            filter: start.filter, ownPids: (UInt32(linux_pid()), symboliser, start.controllerPid),
            followedParent: start.command.isEmpty ? nil : UInt32(linux_pid()), tally: start.tally?.key)
    }
}
