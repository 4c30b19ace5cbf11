import CLinux
import FaultModel

extension KernelVersion {
    /// Whether the running kernel is older than this. One whose release cannot be read is taken for an old one.
    var isAfterRunning: Bool {
        var release = [UInt8](repeating: 0, count: 65)
        let length = preflight_release(&release, release.count)
        let running = KernelVersion(release: String(decoding: release.prefix(Int(max(0, length))), as: UTF8.self))
        return running.map { $0 < self } ?? true
    }
}
