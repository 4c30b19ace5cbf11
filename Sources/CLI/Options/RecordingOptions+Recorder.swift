import DeviceLink
import Recording
import Synchronization
import TerminalView
import WireProtocol

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

extension RecordingOptions {
    /// What writes the conversation that begins now; nil: nobody asked for it.
    func recorder(of device: RecordedDevice, _ hello: Hello, _ start: Start) throws(RecordingError) -> Recorder? {
        guard let output else { return nil }
        let header = RecordingHeader(
            controllerVersion: Faultline.version, device: device, wallClockNs: WallClock.nowNs, series: .random(in: .min ... .max))
        var recorder = try Recorder(output, overwrites: force, limits: limits, header: header, at: .now)
        recorder.begin(hello, start)
        return recorder
    }
}

/// What a recording says of its target, as far as it is known.
final class RecordedTarget: Sendable {
    private let known: Mutex<RecordedDevice>

    init(_ options: TargetOptions) {
        let device = switch options.target {
        case .local: RecordedDevice(name: Self.hostName)
        case .device(let serial): RecordedDevice(name: "", serial: serial ?? "")
        case .agent(let place, _): RecordedDevice(name: "\(place)")
        }
        known = Mutex(device)
    }

    var device: RecordedDevice { known.withLock { $0 } }

    /// It is this device of adb's.
    func reached(_ device: Device) {
        known.withLock { $0 = RecordedDevice(name: "", serial: device.serial, model: device.profile.model ?? "") }
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension Recorded {
    var words: String { RecordedWords.text(path: path, files: files, kept: kept, bytes: byteCount, events: events) }
}

/// The time of day.
enum WallClock {
    /// CLOCK_REALTIME, to the second.
    static var nowNs: UInt64 { UInt64(time(nil)) * 1_000_000_000 }
}
