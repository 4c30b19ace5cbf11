import CLinux
import WireProtocol

/// What stands in a recording before the agent's words: that it is one, as the controller writes it (docs/protocol.md).
enum RecordingStart {
    private static let type: UInt16 = 0x100
    private static let version: UInt32 = 1

    /// The whole frame.
    static func encoded() -> [UInt8] {
        var payload = ByteWriter()
        payload.string("faultline recording")
        payload.u32(version)
        payload.string(Agent.version)
        payload.string(hostName())
        payload.string("")  // adb's serial number and model, which nobody knows here
        payload.string("")
        payload.u64(linux_realtime_ns())
        payload.u64(series())
        payload.u32(1)  // the first file
        for _ in 0..<3 { payload.u64(0) }  // nothing of the session lies before
        var frame = ByteWriter()
        frame.u32(UInt32(payload.bytes.count))
        frame.u16(type)
        frame.u16(0)
        return frame.bytes + payload.bytes
    }

    private static func hostName() -> String {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = linux_read_file("/proc/sys/kernel/hostname", &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)).prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
    }

    private static func series() -> UInt64 {
        var number: UInt64 = 0
        _ = withUnsafeMutableBytes(of: &number) { linux_random($0.baseAddress, $0.count) }
        return number
    }
}
