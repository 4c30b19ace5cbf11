import CLinux
import FaultModel
import FaultProbe
import WireProtocol

/// Which source a trace gets: the one it asks for, or the best that works and tells what the filter has to know.
struct SourceChoice {
    private var start: Start
    private let symboliser: UInt32

    /// - Parameter symboliser: its process id; zero: there is none.
    /// - Throws: where the filter names a package that the device does not have, or no process that it has.
    init(_ start: Start, symboliser: UInt32) throws(AgentError) {
        try start.filter.checkProcesses()
        self.start = start
        self.start.filter = try start.filter.withPackageUsers(.live())
        self.symboliser = symboliser
    }

    /// - Throws: what kept each source from working.
    func recorder(handler: @escaping RecordHandler) throws(AgentError) -> FaultRecorder {
        if let source = start.source { return try only(source, handler) }
        var reasons: [String] = []
        var code = AgentError.Code.cannotTrace
        for source in FaultSource.allCases {
            do throws(AgentError) {
                return try recorder(source, handler)
            } catch {
                reasons.append(error.text)
                if error.code == .badFilter { code = .badFilter }
            }
        }
        throw AgentError(code, reasons.joined(separator: "; ") + "; " + (code == .badFilter ? Self.filterAdvice : Self.advice))
    }

    private static let advice = "run the agent as root, or faultline preflight to see what is in the way"
    private static let filterAdvice = "leave that filter out, or see with faultline preflight what keeps other sources from working"

    private func only(_ source: FaultSource, _ handler: @escaping RecordHandler) throws(AgentError) -> FaultRecorder {
        do throws(AgentError) {
            return try recorder(source, handler)
        } catch {
            guard error.code == .badFilter else { throw error }
            throw AgentError(.badFilter, error.text + "; leave that filter out or choose another source")
        }
    }

    private func recorder(_ source: FaultSource, _ handler: @escaping RecordHandler) throws(AgentError) -> FaultRecorder {
        let recorder: FaultRecorder
        do throws(ProbeError) {
            recorder = try FaultRecorder(request(source), handler: handler)
        } catch {
            throw AgentError(.cannotTrace, "\(source.name) cannot be traced: \(error.text)")
        }
        for gap in recorder.missing where start.filter.neededColumns.contains(gap.column) {
            throw AgentError(.badFilter, "\(source.name) does not tell \(gap.column.name) here: \(gap.reason)")
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
