import CLinux
import FaultModel
import FaultProbe
import Preflight
import WireProtocol

/// The machine that the agent runs on.
enum Device {
    /// Tries every source and runs every check. Neither is done for a trace, which finds out for itself what works.
    static func preflight(withChecks: Bool = true) -> PreflightReport {
        guard withChecks else { return LivePreflight().outline() }
        return LivePreflight().report {
            let cause = MemoryNews.trial()
            return FaultSource.allCases.map { $0.trial().without(cause) }
        }
    }

    static func hello(_ report: PreflightReport) -> Hello {
        Hello(
            agentVersion: Agent.version, agentPid: UInt32(linux_pid()), cpuCount: UInt32(linux_cpu_count()),
            report: report)
    }

    /// As the kernel lists them: "0-3,6".
    static func onlineCPUs() -> [UInt8] {
        var list = [UInt8](repeating: 0, count: 256)
        let count = linux_online_cpus(&list, list.count)
        return Array(list.prefix(max(0, count)))
    }

    static var boot: Boot {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = linux_read_file("/proc/sys/kernel/random/boot_id", &bytes, bytes.count)
        return Boot(id: String(decoding: bytes.prefix(max(count, 0)).prefix { $0 > 32 }, as: UTF8.self))
    }

    /// 128 random bits as hexadecimal digits.
    static func makeToken() -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard linux_random(&bytes, bytes.count) == 0 else { return "" }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// What is added to CLOCK_MONOTONIC to have CLOCK_BOOTTIME: the time that the device has slept.
func sleepOffsetNs() -> UInt64 { linux_boottime_ns() &- linux_monotonic_ns() }

extension SourceVerdict {
    /// The same where nothing tells of memory, and with that of the cause.
    func without(_ cause: MissingColumn?) -> SourceVerdict {
        guard let cause, columns.contains(.cause) else { return self }
        var verdict = self
        verdict.columns.removeAll { $0 == .cause }
        verdict.missing.append(cause)
        return verdict
    }
}
