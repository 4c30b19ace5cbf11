import CLinux
import FaultModel

/// The devices whose files have no storage behind them, as the agent's own mount namespace has them.
struct MemoryFileSystems {
    private(set) var devices: [DeviceNumber] = []

    /// Reads /proc/self/mountinfo.
    static func live() -> MemoryFileSystems {
        MemoryFileSystems(ProcessFile.bytes("/proc/self/mountinfo") ?? [])
    }

    /// - Parameter mountinfo: `36 35 98:0 / /mnt rw,noatime master:1 - ext3 /dev/root rw`, a line for each mount (proc(5)).
    init(_ mountinfo: [UInt8]) {
        for line in mountinfo.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "))
            guard fields.count > 2, let dash = fields.firstIndex(where: { $0.elementsEqual("-".utf8) }), dash + 1 < fields.count,
                Self.isInMemory(fields[dash + 1]), let device = DeviceNumber(decimal: fields[2]), !devices.contains(device)
            else { continue }
            devices.append(device)
        }
    }

    private static func isInMemory(_ type: ArraySlice<UInt8>) -> Bool {
        type.elementsEqual("tmpfs".utf8) || type.elementsEqual("devtmpfs".utf8) || type.elementsEqual("ramfs".utf8)
            || type.elementsEqual("rootfs".utf8) || type.elementsEqual("hugetlbfs".utf8)
    }
}

/// Major and minor number of what a file system is on.
struct DeviceNumber: Equatable {
    let major: UInt32
    let minor: UInt32

    init(major: UInt32, minor: UInt32) { (self.major, self.minor) = (major, minor) }

    /// The file of this number on it.
    func file(_ inode: UInt64) -> FileIdentity {
        inode == 0 ? .unknown : FileIdentity(device: UInt64(major) << 32 | UInt64(minor), inode: inode)
    }

    /// `253:1`, as mountinfo has it.
    init?(decimal text: ArraySlice<UInt8>) { self.init(text, radix: 10) }

    /// `fd:01`, as maps has it.
    init?(hexadecimal text: ArraySlice<UInt8>) { self.init(text, radix: 16) }

    private init?(_ text: ArraySlice<UInt8>, radix: UInt64) {
        let parts = text.split(separator: UInt8(ascii: ":"))
        guard parts.count == 2, let major = number(parts[0], radix), let minor = number(parts[1], radix) else { return nil }
        self.init(major: UInt32(truncatingIfNeeded: major), minor: UInt32(truncatingIfNeeded: minor))
    }
}

/// The digits' number; nil for anything else, for nothing and for more than 64 bits.
func number(_ digits: ArraySlice<UInt8>, _ radix: UInt64) -> UInt64? {
    if digits.isEmpty { return nil }
    var value: UInt64 = 0
    for byte in digits {
        let digit: UInt8 = switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: 16
        }
        let (product, overflow) = value.multipliedReportingOverflow(by: radix)
        if UInt64(digit) >= radix || overflow { return nil }
        value = product &+ UInt64(digit)
    }
    return value
}

/// Files of /proc, whose length nobody knows beforehand.
enum ProcessFile {
    /// More than any process's mappings take.
    private static let limit = 32 << 20

    /// The file's bytes; nil where it cannot be read.
    static func bytes(_ path: String) -> [UInt8]? {
        var size = 16 << 10
        while true {
            var bytes = [UInt8](repeating: 0, count: size)
            let count = bytes.withUnsafeMutableBytes { linux_read_file(path, $0.baseAddress, $0.count) }
            if count < 0 { return nil }
            if count < size || size >= limit { return Array(bytes[..<count]) }
            size *= 4
        }
    }
}
