import CLinux
import FaultModel
import WireProtocol

extension FaultFilter {
    /// - Throws: where processes or threads are named and none of them is there: the trace would stay empty for as long as it lasts.
    func checkProcesses() throws(AgentError) {
        try Self.check(pids, "process", "ps -A") { linux_process_cpu_ns($0) >= 0 }
        try Self.check(tids, "thread", "ps -AT", linux_thread_exists)
    }

    private static func check(_ ids: [UInt32], _ name: String, _ lister: String, _ isThere: (UInt32) -> Bool) throws(AgentError) {
        if ids.isEmpty || ids.contains(where: isThere) { return }
        let list = ids.map { "\($0)" }.joined(separator: ", ")
        throw AgentError(.badFilter, "there is no \(name) \(list); see with \(lister) which there are")
    }
}
