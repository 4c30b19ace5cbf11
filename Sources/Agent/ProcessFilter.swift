import CLinux
import FaultModel
import WireProtocol

extension FaultFilter {
    /// - Throws: where processes are named and none of them is there: the trace would stay empty for as long as it lasts.
    func checkProcesses() throws(AgentError) {
        if pids.isEmpty { return }
        for pid in pids where linux_process_cpu_ns(pid) >= 0 { return }
        let ids = pids.map { "\($0)" }.joined(separator: ", ")
        throw AgentError(.badFilter, "there is no process \(ids); see with ps which there are")
    }
}
