import CLinux
import WireProtocol

/// What stands in a recording before the agent's words: that it is one, as the controller writes it (docs/protocol.md).
enum RecordingStart {
    /// The whole frame.
    static func encoded() -> [UInt8] {
        Frame.encoded(FileFrame.recording.rawValue) { writer in
            writer.string(RecordingFormat.magic)
            writer.u32(RecordingFormat.version)
            writer.string(Agent.version)
            writer.string(hostName())
            writer.string("")  // adb's serial number and the model, which nobody knows here
            writer.string("")
            writer.u64(linux_realtime_ns())
            writer.u64(series())
            writer.u32(1)  // the first file
            for _ in 0..<3 { writer.u64(0) }  // nothing of the session lies before
        }
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
